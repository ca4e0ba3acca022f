/* The command as parent: what it starts the launcher with, and whom it reaps. The launcher is this program itself. */
#include "check.h"
#include "helper_fake.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fake f;
static char program[PATH_MAX];

/* What the launcher tells of itself on its control socket. */
struct report {
	int parent;
	int arguments;
	int variables;
	uint32_t open; /* bit set of 0–15 */
	ino_t files[16];
};

extern char **environ;

static int play_launcher(int argc)
{
	struct report r = {.parent = getppid(), .arguments = argc};

	while (environ[r.variables])
		r.variables++;
	for (int fd = 0; fd < 16; fd++) {
		struct stat about;

		/* close-on-exec ones are those that the real one would close by itself */
		if (fstat(fd, &about) == 0) {
			r.open |= 1U << fd;
			r.files[fd] = about.st_ino;
		}
	}
	(void)send(3, &r, sizeof(r), 0);
	(void)!read(3, &r, 1); /* until the test has looked */
	return 0;
}

static ino_t file_of(int fd)
{
	struct stat about = {0};

	(void)fstat(fd, &about);
	return about.st_ino;
}

struct given {
	int fds[6]; /* launcher, control, create, start, state directory, console */
	int control;
	ino_t files[6];
};

static void prepare(struct given *g, size_t count)
{
	char name[300];
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		abort();
	g->control = pair[0];
	g->fds[0] = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	g->fds[1] = pair[1];
	for (size_t i = 2; i < count; i++) {
		(void)snprintf(name, sizeof(name), "%s/file-%zu", f.directory, i);
		g->fds[i] = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	}
	for (size_t i = 0; i < count; i++)
		g->files[i] = file_of(g->fds[i]);
	fake_send_all(&f, 20, (const uint32_t[]){7, 1}, 8, g->fds, count);
	for (size_t i = 0; i < count; i++)
		(void)close(g->fds[i]);
}

/* Returns the pidfd of the launcher that DONE brought. */
static int started(void)
{
	fake_receive(&f);
	CHECK_EQUAL(f.type, 6);
	CHECK_EQUAL(fake_u32(&f), 7);
	CHECK_EQUAL(fake_u32(&f), 0);
	return CHECK_EQUAL(f.fd_count, 1) ? f.fds[0] : -1;
}

static void begin(int *ret_preserved)
{
	char name[300];

	fake_begin(&f, program);
	(void)snprintf(name, sizeof(name), "%s/preserved", f.directory);
	*ret_preserved = open(name, O_RDWR | O_CREAT, 0600);
	if (*ret_preserved != 3 && dup2(*ret_preserved, 3) != 3)
		abort();
	fake_run(&f, (char *const[]){"create", "--preserve-fds", "1", "box", NULL}, -1);
	if (*ret_preserved != 3)
		(void)close(3);
	fake_greet(&f);
}

static void the_launcher_gets_its_contract(void)
{
	struct report r = {0};
	struct given g;
	int preserved, pidfd;
	ino_t kept;

	begin(&preserved);
	kept = file_of(preserved);
	prepare(&g, 6);
	pidfd = started();
	CHECK_EQUAL(recv(g.control, &r, sizeof(r), 0), sizeof(r));
	CHECK_EQUAL(r.parent, f.client);
	CHECK_EQUAL(r.arguments, 2);
	CHECK_EQUAL(r.variables, 0);
	CHECK_EQUAL(r.open & 0x1ff, 0x1ff);
	for (int i = 1; i < 6; i++)
		CHECK_EQUAL(r.files[2 + i], g.files[i]);
	CHECK_EQUAL(r.files[8], kept);
	CHECK_EQUAL(poll(&(struct pollfd){.fd = pidfd, .events = POLLIN}, 1, 0), 0);
	(void)close(g.control);
	CHECK_EQUAL(fake_end(&f, 0), 0);
	CHECK_EQUAL(poll(&(struct pollfd){.fd = pidfd, .events = POLLIN}, 1, 0), 1); /* it was waited for */
	(void)close(pidfd);
	(void)close(preserved);
	fake_finish(&f);
}

static void without_a_console_socket_its_place_is_closed(void)
{
	struct report r = {0};
	struct given g;
	int preserved;

	begin(&preserved);
	prepare(&g, 5);
	(void)close(started());
	CHECK_EQUAL(recv(g.control, &r, sizeof(r), 0), sizeof(r));
	CHECK_EQUAL(r.open & (1U << 7), 0);
	CHECK_EQUAL(r.open & (1U << 6), 1U << 6);
	(void)close(g.control);
	CHECK_EQUAL(fake_end(&f, 0), 0);
	(void)close(preserved);
	fake_finish(&f);
}

/* The control socket stays open here: only the command can end the launcher. */
static void a_command_that_fails_takes_its_launcher_along(void)
{
	for (int status = 1; status >= -1; status -= 2) {
		struct report r;
		struct given g;
		int preserved, pidfd;

		begin(&preserved);
		prepare(&g, 5);
		pidfd = started();
		CHECK_EQUAL(recv(g.control, &r, sizeof(r), 0), sizeof(r));
		CHECK_EQUAL(fake_end(&f, status), status < 0 ? 125 : status);
		CHECK_EQUAL(poll(&(struct pollfd){.fd = pidfd, .events = POLLIN}, 1, 0), 1);
		(void)close(pidfd);
		(void)close(g.control);
		(void)close(preserved);
		fake_finish(&f);
	}
}

static void nonsense_starts_nothing(void)
{
	struct given g;
	int preserved;

	begin(&preserved);
	prepare(&g, 4); /* one too few */
	CHECK_EQUAL(fake_end(&f, -1), 125);
	CHECK(strstr(f.printed, "is not understood"));
	CHECK_EQUAL(recv(g.control, &g, 1, 0), 0);
	(void)close(g.control);
	(void)close(preserved);
	fake_finish(&f);
}

int main(int argc, char **argv)
{
	char here[PATH_MAX];

	if (argc > 1 && strcmp(argv[1], "launcher") == 0)
		return play_launcher(argc);
	if (!realpath(argv[0], here))
		abort();
	(void)snprintf(program, sizeof(program), "%.*s/slipway", (int)(strrchr(here, '/') - here), here);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	the_launcher_gets_its_contract();
	without_a_console_socket_its_place_is_closed();
	a_command_that_fails_takes_its_launcher_along();
	nonsense_starts_nothing();
	return check_done();
}
