#include "kept.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

static const char *program_path;

static void must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "cannot %s: %s\n", what, strerror(errno));
	abort();
}

static void path_of(const struct kept *k, const char *name, char path[200])
{
	(void)snprintf(path, 200, "%s/state/%s", k->machine.dir, name);
}

bool kept_begin(struct kept *k, const char *program, enum stream_mode mode, unsigned preserve)
{
	memset(k, 0, sizeof(*k));
	k->control = k->door = k->from = k->to = k->preserved[0] = k->preserved[1] = -1;
	program_path = program;
	if (!machine_make(&k->machine))
		return false;
	machine_shell(&k->machine,
		"rm $D/state/gate $D/state/started; cd $D/rootfs/bin; for p in head yes tr stty seq dd; do "
		"ln -sf busybox $p; done"); /* the keeper makes its own */
	encode_step(&k->machine.create, KEEPER, OP_OpenStreams, (uint32_t)mode, preserve);
	encode_step(&k->machine.create, KEEPER, OP_MakeGate);
	encode_step(&k->machine.create, KEEPER, OP_SpawnLauncher);
	return true;
}

void kept_plan(struct kept *k, bool pid, bool terminal, const char *script)
{
	static const char *const env[] = {"PATH=/bin", NULL};
	const char *const args[] = {"sh", "-c", script, NULL};
	struct encoded *p = &k->machine.create;

	encode_step(p, LAUNCHER, OP_CloneInit, (uint64_t)(CLONE_NEWNS | (pid ? CLONE_NEWPID : 0)), 0U);
	machine_root(&k->machine);
	machine_proc_and_dev(&k->machine);
	/* what a shell gives its children in the background as input */
	encode_step(p, INIT, OP_MakeDevice, "/dev/null", S_IFCHR | 0666U, 1U, 3U, 0U, 0U);
	if (terminal)
		encode_step(p, INIT, OP_OpenConsole, 80U, 24U);
	machine_pivot_and_gate(&k->machine);
	p = &k->machine.start;
	encode_step(p, INIT, OP_NewSession);
	encode_step(p, INIT, OP_AttachStreams, (uint32_t)terminal);
	encode_step(p, INIT, OP_ChangeDirectory, "/");
	encode_step(p, INIT, OP_LoadSeccompAndExec, args, env, "", (size_t)0, 0U, 0U);
}

static void make_page(struct kept *k, unsigned permits)
{
	uint32_t head[10] = {0x47504c53, 1, k->machine.create.count, k->machine.start.count};
	size_t size = 4096 + sizeof(struct record) * (head[2] + head[3]);
	int directory, fd;
	char path[200];

	head[9] = permits;
	path_of(k, "page", path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	must(fd >= 0 && ftruncate(fd, (off_t)size) == 0 && pwrite(fd, head, sizeof(head), 0) == sizeof(head),
		"make page");
	(void)close(fd);
	path_of(k, ".", path);
	directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(page_open(directory, &k->page) == 0, "map page");
	(void)close(directory);
}

/* Puts descriptors at their numbers, the way posix_spawn does with a list of dup2. */
static void arrange(struct kept *k, int control, int create, int start)
{
	int null = open("/dev/null", O_RDWR);
	char path[200];
	int from[10] = {k->from < 0 ? null : k->from, k->to < 0 ? null : k->to, null, control, create, start, -1, -1,
		k->preserved[0], k->preserved[1]};

	path_of(k, ".", path);
	from[6] = open(path, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 10; i++)
		from[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD, 60);
	for (int i = 0; i < 10; i++)
		if (from[i] < 0)
			(void)close(i);
		else
			(void)dup2(from[i], i);
	/* one descriptor too many stays open on purpose: 90, somebody's secret */
	(void)dup2(from[6], 90);
	for (int fd = 60; fd < 90; fd++)
		(void)close(fd);
}

void kept_spawn(struct kept *k, unsigned permits)
{
	int pair[2], create = encode_sealed(&k->machine.create), start = encode_sealed(&k->machine.start);

	make_page(k, permits);
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0, "make the control socket");
	(void)fflush(stdout);
	k->keeper = fork();
	must(k->keeper >= 0, "fork");
	if (k->keeper == 0) {
		(void)setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* it would want to trace an undumpable process */
		arrange(k, pair[1], create, start);
		(void)execl(program_path, "slipway-launch", "keeper", (char *)NULL);
		_exit(99);
	}
	(void)close(pair[1]);
	(void)close(create);
	(void)close(start);
	k->control = pair[0];
}

int kept_create(struct kept *k)
{
	for (;;) {
		struct pollfd wait = {.fd = k->control, .events = POLLIN};
		struct packet p;
		int passed, size;

		if (poll(&wait, 1, 5000) != 1)
			return ETIMEDOUT;
		size = packet_receive(k->control, &p, &passed);
		close_descriptor(&passed);
		if (size < 0)
			return -size;
		if (p.kind == PACKET_FAILED) {
			k->machine.context.value = p.step;
			memcpy(k->machine.text, p.text, (size_t)size);
			k->machine.text[size] = '\0';
			return p.error;
		}
		if (p.kind == PACKET_CLONED)
			k->init = (int)p.value;
		else if (p.kind == PACKET_SIGNAL && p.value == 5)
			return 0;
	}
}

void kept_connect(struct kept *k)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char path[200];

	path_of(k, "keeper.sock", path);
	must(strlen(path) < sizeof(address.sun_path), "name keeper.sock");
	(void)strcpy(address.sun_path, path);
	k->door = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	must(connect(k->door, (struct sockaddr *)&address, sizeof(address)) == 0, "connect to keeper.sock");
}

void kept_start(struct kept *k)
{
	char path[200];
	int gate;

	path_of(k, "gate", path);
	gate = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
	must(gate >= 0 && write(gate, "1", 1) == 1, "open the gate");
	(void)close(gate);
}

void kept_send(struct kept *k, enum packet_kind kind, const char *text, unsigned value, unsigned step)
{
	struct packet p = {.kind = kind, .value = value, .step = step};
	size_t size = strlen(text);

	memcpy(p.text, text, size);
	CHECK_EQUAL(packet_send(k->door, &p, size, -1), 0);
}

int kept_wait(struct kept *k)
{
	int status;

	for (int i = 0; i < 1000; i++, (void)usleep(10000))
		if (waitpid(k->keeper, &status, WNOHANG) == k->keeper) {
			k->keeper = 0;
			return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
		}
	return -1;
}

const char *kept_file(const struct kept *k, const char *name)
{
	static char texts[4][65536];
	static unsigned turn;
	char *text = texts[turn++ % 4];
	char path[200];
	ssize_t n;
	int fd;

	path_of(k, name, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	n = fd < 0 ? 0 : read(fd, text, sizeof(texts[0]) - 1);
	if (fd >= 0)
		(void)close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

bool kept_logs(const struct kept *k, const char *text)
{
	for (int i = 0; i < 500; i++, (void)usleep(10000))
		if (strstr(kept_file(k, "log"), text))
			return true;
	printf("the log begins so: %.500s\n", kept_file(k, "log"));
	return false;
}

void kept_end(struct kept *k)
{
	char path[200];

	if (k->init && k->keeper)
		(void)kill(k->init, SIGKILL);
	if (k->keeper && kept_wait(k) < 0) {
		(void)kill(k->keeper, SIGKILL);
		(void)waitpid(k->keeper, NULL, 0);
	}
	close_descriptor(&k->control);
	close_descriptor(&k->door);
	close_descriptor(&k->from);
	close_descriptor(&k->to);
	if (k->page)
		(void)munmap(
			k->page, 4096 + sizeof(struct record) * (k->machine.create.count + k->machine.start.count));
	path_of(k, "", path);
	path[strlen(path) - 1] = '\0';
	(void)umount2(path, MNT_DETACH); /* where a test made the file system small */
	machine_remove(&k->machine);
}
