/* The command line against a helper played by the test: what it says, what it does for the helper, how it ends. The program
 * under test lies beside the test's own. */
#include "check.h"
#include "helper_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

static struct fake f;
static char program[PATH_MAX];

#define ARGUMENTS(...) ((char *const[]){__VA_ARGS__, NULL})

static void in_directory(char path[256], const char *name)
{
	(void)snprintf(path, 256, "%s/%s", f.directory, name);
}

/* ---- without a helper ---- */

static void without_helper_it_says_how_to_start_one(void)
{
	fake_begin(&f, program);
	(void)setenv("SLIPWAY_SOCKET", "/nowhere/at.sock", 1);
	fake_run(&f, ARGUMENTS("create", "box"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(
		f.printed, "slipway: no helper answers at /nowhere/at.sock (No such file or directory); start it"));
	CHECK(strchr(f.printed, '\n') == f.printed + f.printed_size - 1);
	fake_finish(&f);
}

/* Reads the file into a string that lasts until the next call. */
static const char *text_of(const char *path)
{
	static char text[4096];
	FILE *file = fopen(path, "r");
	size_t n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		(void)fclose(file);
	text[n] = '\0';
	return text;
}

static void without_helper_the_log_says_so_too(void)
{
	static char log[256];

	fake_begin(&f, program);
	(void)setenv("SLIPWAY_SOCKET", "/nowhere/\"at\".sock", 1);
	in_directory(log, "log");
	fake_run(&f, ARGUMENTS("--log", log, "--log-format=json", "create", "box"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(text_of(log), "{\"level\":\"error\",\"msg\":\"no helper answers at /nowhere/\\\"at\\\".sock"));
	CHECK(strstr(text_of(log), "\",\"time\":\"2"));
	fake_finish(&f);
	fake_begin(&f, program);
	(void)setenv("SLIPWAY_SOCKET", "/nowhere/at.sock", 1);
	in_directory(log, "log");
	fake_run(&f, ARGUMENTS("--log", log, "state", "box"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(text_of(log), "Z\" level=error msg=\"no helper answers at "));
	fake_finish(&f);
}

static void without_helper_a_log_that_cant_be_written_is_told(void)
{
	fake_begin(&f, program);
	(void)setenv("SLIPWAY_SOCKET", "/nowhere/at.sock", 1);
	fake_run(&f, ARGUMENTS("--log", "/nowhere/log", "state", "box"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "slipway: can't write the log '/nowhere/log': No such file or directory\n"));
	CHECK(strstr(f.printed, "slipway: no helper answers at "));
	fake_finish(&f);
}

/* A copy of the program in a bin directory whose slipwayd prints its arguments. */
static void without_helper_some_commands_are_done_all_the_same(void)
{
	static char copy[256], daemon[256], command[2 * PATH_MAX];

	fake_begin(&f, copy);
	(void)setenv("SLIPWAY_SOCKET", "/nowhere/at.sock", 1);
	in_directory(copy, "bin/slipway");
	in_directory(daemon, "bin/slipwayd");
	(void)snprintf(command, sizeof(command),
		"mkdir %s/bin && cp %s %s && printf '#!/bin/sh\\necho \"$#:$*\"; exit 7\\n' > %s && chmod +x %s",
		f.directory, program, copy, daemon, daemon);
	CHECK_EQUAL(system(command), 0);
	fake_run(&f, ARGUMENTS("--root", "/x y", "spec", "--rootless"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 7);
	CHECK_STRING(f.printed, "5:--command --root /x y spec --rootless\n");
	fake_run(&f, ARGUMENTS("--version"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 7);
	fake_run(&f, ARGUMENTS("--debug", "create", "--help"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 7);
	fake_run(&f, ARGUMENTS("--log", "spec", "list"), -1); /* here it is the value of an option */
	CHECK_EQUAL(fake_end(&f, -1), 125);
	(void)unlink(daemon);
	fake_run(&f, ARGUMENTS("features"), -1);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "/bin/slipwayd': No such file or directory"));
	fake_finish(&f);
}

/* ---- beginning ---- */

static void refusal_is_said(void)
{
	fake_begin(&f, program);
	fake_run(&f, ARGUMENTS("list"), -1);
	fake_accept(&f, "{\"error\": \"org.slipway.Helper.NotAllowed\", \"parameters\":{\"code\":\"x\"}}");
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "permission denied: the helper at "));
	CHECK(strstr(f.printed, " takes commands from its administrators only\n"));
	fake_run(&f, ARGUMENTS("list"), -1);
	fake_accept(&f, "{\"parameters\":{\"code\":\"peer-in-sandbox\"},\"error\":\"org.slipway.Helper.NotAllowed\"}");
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, " does not serve this process (peer-in-sandbox)\n"));
	fake_run(&f, ARGUMENTS("list"), -1);
	fake_accept(&f, "{\"error\": \"org.slipway.Helper.Busy\", \"parameters\":{}}");
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "refused the command: org.slipway.Helper.Busy\n"));
	fake_run(&f, ARGUMENTS("list"), -1);
	fake_accept(&f, "");
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "is no helper of Slipway"));
	fake_run(&f, ARGUMENTS("list"), -1);
	(void)close(accept(f.listener, NULL, NULL));
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "went away before it took the command"));
	fake_finish(&f);
}

static void hello_carries_everything(void)
{
	char marker[256], resolved[PATH_MAX];
	uint32_t count;
	bool found = false;
	int preserved;

	fake_begin(&f, program);
	in_directory(marker, "marker");
	preserved = open(marker, O_RDWR | O_CREAT, 0600);
	CHECK_EQUAL(dup2(preserved, 3), 3);
	(void)setenv("SLIPWAY_TEST_COLOUR", "blue = sky", 1);
	(void)umask(027);
	fake_run(&f, ARGUMENTS("create", "--preserve-fds", "1", ""), -1);
	(void)umask(022);
	fake_accept(&f, "{}");
	fake_receive(&f);
	CHECK_EQUAL(f.type, 1);
	CHECK_EQUAL(fake_u32(&f), 4);
	CHECK_STRING(fake_string(&f), "create");
	CHECK_STRING(fake_string(&f), "--preserve-fds");
	CHECK_STRING(fake_string(&f), "1");
	CHECK_STRING(fake_string(&f), "");
	count = fake_u32(&f);
	for (uint32_t i = 0; i < count; i++)
		found = strcmp(fake_string(&f), "SLIPWAY_TEST_COLOUR=blue = sky") == 0 || found;
	CHECK(found);
	CHECK_STRING(fake_string(&f), realpath(f.directory, resolved));
	CHECK_EQUAL(fake_u32(&f), 027);
	CHECK_EQUAL(fake_u32(&f), 4);
	CHECK_EQUAL(fake_u32(&f), 0);
	CHECK_EQUAL(f.at, f.size);
	if (CHECK_EQUAL(f.fd_count, 4)) {
		struct stat here, there;

		CHECK(fstat(f.fds[3], &there) == 0 && fstat(preserved, &here) == 0 && here.st_ino == there.st_ino);
		CHECK_EQUAL(write(f.fds[1], "direct\n", 7), 7); /* the descriptors are the caller's own */
	}
	for (size_t i = 0; i < f.fd_count; i++)
		(void)close(f.fds[i]);
	(void)close(3);
	if (preserved != 3)
		(void)close(preserved);
	CHECK_EQUAL(fake_end(&f, 0), 0);
	CHECK_STRING(f.printed, "direct\n");
	fake_finish(&f);
}

static void a_descriptor_to_preserve_must_be_open(void)
{
	fake_begin(&f, program);
	fake_run(&f, ARGUMENTS("create", "--preserve-fds=200", "box"), -1);
	fake_accept(&f, "{}");
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "is to be preserved and is not open"));
	fake_run(&f, ARGUMENTS("run", "--preserve-fds", "two", "box"), -1);
	fake_accept(&f, "{}");
	CHECK_EQUAL(fake_end(&f, -1), 2);
	/* behind the container's name the words are the program's */
	fake_run(&f, ARGUMENTS("exec", "--cwd", "/", "box", "tool", "--preserve-fds", "9"), -1);
	fake_greet(&f);
	CHECK_EQUAL(fake_end(&f, 0), 0);
	fake_finish(&f);
}

/* ---- frames ---- */

static void output_and_status_come_back(void)
{
	fake_begin(&f, program);
	fake_run(&f, ARGUMENTS("state", "box"), -1);
	fake_greet(&f);
	fake_send(&f, 2, "{\"id\":1}\n", 9, -1);
	fake_send(&f, 3, "careful\n", 8, -1);
	fake_send(&f, 2, "", 0, -1);
	CHECK_EQUAL(fake_end(&f, 42), 42);
	CHECK_STRING(f.printed, "{\"id\":1}\ncareful\n");
	fake_finish(&f);
}

static void a_helper_that_goes_away_is_noticed(void)
{
	fake_begin(&f, program);
	fake_run(&f, ARGUMENTS("start", "box"), -1);
	fake_greet(&f);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK_STRING(f.printed, "slipway: the helper went away before the command was finished\n");
	fake_run(&f, ARGUMENTS("start", "box"), -1);
	fake_greet(&f);
	CHECK_EQUAL(send(f.connection, "\x09\0\0\0\x02half", 9, MSG_NOSIGNAL), 9);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK_STRING(f.printed, "slipway: the helper went away before the command was finished\n");
	fake_finish(&f);
}

static void nonsense_from_the_helper_ends_the_command(void)
{
	static const struct {
		const char *bytes;
		size_t size;
	} nonsense[] = {
		{"\0\0\0\0", 5},					  /* no type */
		{"\xff\xff\xff\xff\x02", 5},				  /* four GiB */
		{"\x01\0\0\0\x63", 5},					  /* no such type */
		{"\x03\0\0\0\x04\x01\0", 7},				  /* EXIT cut short */
		{"\x06\0\0\0\x04\x01\0\0\0\0", 10},			  /* EXIT with a byte too many */
		{"\x01\0\0\0\x09", 5},					  /* CONSOLE without a descriptor */
		{"\x11\0\0\0\x05\1\0\0\0\0\0\0\0\0\0\0\0\x09\0\0\0", 21}, /* OPEN: a path longer than the frame */
		{"\x0b\0\0\0\x0b\1\0\0\0\2\0\0\0a\0", 15},		  /* CONNECT: NUL in a path */
		{"\x03\0\0\0\x0a\1\0", 7},				  /* PUT without anything */
	};

	fake_begin(&f, program);
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(*nonsense); i++) {
		fake_run(&f, ARGUMENTS("list"), -1);
		fake_greet(&f);
		CHECK_EQUAL(send(f.connection, nonsense[i].bytes, nonsense[i].size, MSG_NOSIGNAL), nonsense[i].size);
		fake_receive(&f); /* it hangs up by itself */
		CHECK_EQUAL(f.type, 0);
		CHECK_EQUAL(fake_end(&f, -1), 125);
		CHECK(strstr(f.printed, "not understood"));
	}
	fake_finish(&f);
}

static void signals_are_forwarded(void)
{
	fake_begin(&f, program);
	fake_run(&f, ARGUMENTS("run", "box"), -1);
	fake_greet(&f);
	for (const int *s = (const int[]){SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, 0}; *s; s++) {
		(void)kill(f.client, *s);
		fake_receive(&f);
		CHECK_EQUAL(f.type, 7);
		CHECK_EQUAL(fake_u32(&f), *s);
	}
	CHECK_EQUAL(fake_end(&f, 143), 143);
	fake_finish(&f);
}

/* ---- requests ---- */

static size_t request(uint8_t *to, const uint32_t *numbers, size_t count, const char *path)
{
	uint32_t size = (uint32_t)strlen(path);

	if (count)
		memcpy(to, numbers, count * 4);
	memcpy(to + count * 4, &size, 4);
	memcpy(to + count * 4 + 4, path, size);
	return count * 4 + 4 + size;
}

/* Sends a request and expects its DONE with that errno. Returns the descriptor that came along, or -1. */
static int ask(uint8_t type, const uint32_t *numbers, size_t count, const char *path, int expected)
{
	uint8_t payload[1024];

	fake_send(&f, type, payload, request(payload, numbers, count, path), -1);
	fake_receive(&f);
	CHECK_EQUAL(f.type, 6);
	CHECK_EQUAL(fake_u32(&f), numbers[0]);
	CHECK_EQUAL(fake_u32(&f), expected);
	CHECK(f.fd_count <= 1);
	return f.fd_count ? f.fds[0] : -1;
}

static void files_are_opened_as_the_caller(void)
{
	char fifo[256], text[8] = "";
	int fd;

	fake_begin(&f, program);
	in_directory(fifo, "fifo");
	CHECK_EQUAL(mkfifo(fifo, 0600), 0);
	fake_run(&f, ARGUMENTS("create", "box"), -1);
	fake_greet(&f);
	CHECK_EQUAL(ask(5, (const uint32_t[]){7, O_RDONLY, 0}, 3, "config.json", ENOENT), -1);
	fd = ask(5, (const uint32_t[]){8, O_RDWR | O_CREAT | O_EXCL, 0640}, 3, "new", 0);
	if (CHECK(fd >= 0)) {
		CHECK_EQUAL(write(fd, "bytes", 5), 5);
		CHECK_EQUAL(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
		(void)close(fd);
	}
	CHECK_EQUAL(ask(5, (const uint32_t[]){9, O_RDWR | O_CREAT | O_EXCL, 0640}, 3, "new", EEXIST), -1);
	fd = ask(5, (const uint32_t[]){10, O_RDONLY, 0}, 3, "./new", 0);
	CHECK_EQUAL(read(fd, text, sizeof(text)), 5);
	(void)close(fd);
	/* a fifo that nobody else opens must not hold the command up */
	fd = ask(5, (const uint32_t[]){11, O_RDONLY, 0}, 3, "fifo", 0);
	CHECK(fd >= 0);
	(void)close(fd);
	CHECK_EQUAL(ask(5, (const uint32_t[]){12, O_WRONLY, 0}, 3, "fifo", ENXIO), -1);
	CHECK_EQUAL(fake_end(&f, 0), 0);
	fake_finish(&f);
}

static void put(uint32_t number, const char *path, const char *text, int expected)
{
	uint8_t payload[1024];
	size_t n = request(payload, &number, 1, path);

	n += request(payload + n, NULL, 0, text);
	fake_send(&f, 10, payload, n, -1);
	fake_receive(&f);
	CHECK_EQUAL(f.type, 6);
	CHECK_EQUAL(fake_u32(&f), number);
	CHECK_EQUAL(fake_u32(&f), expected);
}

static void files_are_put_whole(void)
{
	char path[256], command[512], text[16] = "";
	struct stat about;
	int fd;

	fake_begin(&f, program);
	in_directory(path, "null");
	CHECK_EQUAL(symlink("/dev/null", path), 0);
	fake_run(&f, ARGUMENTS("create", "--pid-file", "pid", "box"), -1);
	fake_greet(&f);
	put(1, "pid", "1234", 0);
	put(2, "pid", "99", 0);
	put(3, "no/such/directory", "1", ENOENT);
	put(4, "null", "1234", 0);
	CHECK_EQUAL(fake_end(&f, 0), 0);
	CHECK(lstat(path, &about) == 0 && S_ISLNK(about.st_mode)); /* the device was written to, not replaced */
	in_directory(path, "pid");
	fd = open(path, O_RDONLY);
	CHECK_EQUAL(read(fd, text, sizeof(text)), 2);
	CHECK_STRING(text, "99");
	(void)close(fd);
	(void)snprintf(
		command, sizeof(command), "test \"$(ls %s | tr '\\n' ' ')\" = 'helper.sock null pid '", f.directory);
	CHECK_EQUAL(system(command), 0); /* and nothing temporary is left */
	fake_finish(&f);
}

static void sockets_are_connected_as_the_caller(void)
{
	char deep[256], old[PATH_MAX];
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "console.sock"};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd, peer;

	fake_begin(&f, program);
	in_directory(deep,
		"a-very-long-name-of-a-directory-that-alone-is-longer-than-the-address-of-a-socket-can-ever-be-"
		"in-linux-which-is-108-bytes");
	CHECK_EQUAL(mkdir(deep, 0700), 0);
	CHECK(getcwd(old, sizeof(old)) && chdir(deep) == 0);
	CHECK_EQUAL(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_EQUAL(chdir(old), 0);
	CHECK_EQUAL(listen(listener, 1), 0);
	(void)strcat(deep, "/console.sock");
	fake_run(&f, ARGUMENTS("create", "box"), -1);
	fake_greet(&f);
	CHECK_EQUAL(ask(11, &(const uint32_t){1}, 1, "missing.sock", ENOENT), -1);
	fd = ask(11, &(const uint32_t){2}, 1, deep, 0);
	peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	CHECK_EQUAL(write(fd, "x", 1), 1);
	CHECK_EQUAL(read(peer, deep, 1), 1);
	(void)close(fd);
	(void)close(peer);
	(void)close(listener);
	CHECK_EQUAL(fake_end(&f, 0), 0);
	fake_finish(&f);
}

/* ---- the console ---- */

static bool is_raw(int terminal)
{
	struct termios t;

	return tcgetattr(terminal, &t) == 0 && !(t.c_lflag & (ICANON | ECHO | ISIG));
}

static bool becomes(int terminal, bool raw)
{
	for (int i = 0; i < 500 && is_raw(terminal) != raw; i++)
		(void)usleep(10000);
	return is_raw(terminal) == raw;
}

struct console {
	int typist, terminal; /* the caller's terminal: whoever types, and the client's side */
	int master, program;  /* the container's */
};

static void console_begin(struct console *c)
{
	struct winsize size = {.ws_row = 33, .ws_col = 101};

	fake_begin(&f, program);
	if (openpty(&c->typist, &c->terminal, NULL, NULL, &size) < 0 ||
		openpty(&c->master, &c->program, NULL, NULL, NULL) < 0)
		abort();
	for (int *fd = &c->typist; fd <= &c->program; fd++)
		(void)fcntl(*fd, F_SETFD, FD_CLOEXEC);
	fake_run(&f, ARGUMENTS("run", "box"), c->terminal);
	fake_accept(&f, "{}");
	fake_receive(&f);
	CHECK(f.size >= 4 && f.payload[f.size - 4] == 3); /* input and output are terminals, errors are not */
	for (size_t i = 0; i < f.fd_count; i++)
		(void)close(f.fds[i]);
	fake_send(&f, 9, NULL, 0, c->master);
	(void)close(c->master);
	CHECK(becomes(c->terminal, true));
}

static void console_end(struct console *c)
{
	CHECK(becomes(c->terminal, false));
	(void)close(c->typist);
	(void)close(c->terminal);
	(void)close(c->program);
	fake_finish(&f);
}

static bool reads(int fd, const char *expected)
{
	char text[64] = "";
	size_t size = 0;

	while (size < strlen(expected)) {
		ssize_t n = read(fd, text + size, sizeof(text) - 1 - size);

		if (n <= 0)
			break;
		size += (size_t)n;
	}
	return CHECK_STRING(text, expected);
}

static void the_console_is_relayed(void)
{
	struct winsize size = {0};
	struct console c;

	console_begin(&c);
	CHECK(ioctl(c.program, TIOCGWINSZ, &size) == 0 && size.ws_row == 33 && size.ws_col == 101);
	CHECK_EQUAL(write(c.program, "login: ", 7), 7);
	CHECK(reads(c.typist, "login: "));
	CHECK_EQUAL(write(c.typist, "root\n", 5), 5);
	CHECK(reads(c.program, "root\n"));
	CHECK_EQUAL(write(c.program, "bye", 3), 3);
	CHECK(reads(c.typist, "root\r\nbye")); /* its terminal echoes, ours does not */
	CHECK_EQUAL(write(c.program, "last words", 10), 10);
	CHECK_EQUAL(fake_end(&f, 5), 5);
	CHECK(reads(c.typist, "last words"));
	console_end(&c);
}

/* EXT-CON-02 */
static void the_terminal_is_restored_whatever_happens(void)
{
	struct console c;

	console_begin(&c);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	console_end(&c);
	console_begin(&c);
	(void)kill(f.client, SIGALRM);
	CHECK_EQUAL(fake_end(&f, -1), -SIGALRM);
	console_end(&c);
	console_begin(&c);
	CHECK_EQUAL(send(f.connection, "\x01\0\0\0\x63", 5, MSG_NOSIGNAL), 5);
	CHECK_EQUAL(fake_end(&f, -1), 125);
	console_end(&c);
}

int main(int argc, char **argv)
{
	char here[PATH_MAX];

	(void)argc;
	if (!realpath(argv[0], here))
		abort();
	(void)snprintf(program, sizeof(program), "%.*s/slipway", (int)(strrchr(here, '/') - here), here);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	without_helper_it_says_how_to_start_one();
	without_helper_the_log_says_so_too();
	without_helper_a_log_that_cant_be_written_is_told();
	without_helper_some_commands_are_done_all_the_same();
	refusal_is_said();
	hello_carries_everything();
	a_descriptor_to_preserve_must_be_open();
	output_and_status_come_back();
	a_helper_that_goes_away_is_noticed();
	nonsense_from_the_helper_ends_the_command();
	signals_are_forwarded();
	files_are_opened_as_the_caller();
	files_are_put_whole();
	sockets_are_connected_as_the_caller();
	the_console_is_relayed();
	the_terminal_is_restored_whatever_happens();
	return check_done();
}
