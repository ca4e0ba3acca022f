#include "machine.h"
#include "check.h"
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#define BUSYBOX "/bin/busybox"

static void must(bool good, const char *what)
{
	if (!good) {
		perror(what);
		abort();
	}
}

/* Paths below the machine's directory, for one use at a time. */
static const char *below(const struct machine *m, const char *path)
{
	static char whole[4][200];
	static unsigned turn;
	char *text = whole[turn++ % 4];

	(void)snprintf(text, sizeof whole[0], "%s/%s", m->dir, path);
	return text;
}

void machine_shell(const struct machine *m, const char *script)
{
	must(setenv("D", m->dir, 1) == 0 && system(script) == 0, script);
}

/* The same descriptor above the numbers where preserved ones stand, as in the keeper. */
static int high(int fd)
{
	int higher = fcntl(fd, F_DUPFD_CLOEXEC, 20);

	must(higher >= 0, "F_DUPFD_CLOEXEC");
	(void)close(fd);
	return higher;
}

bool machine_make(struct machine *m)
{
	int pipes[2], sockets[2];

	memset(m, 0, sizeof *m);
	m->status = m->pidfd = m->console = -1;
	if (geteuid() != 0) {
		printf("skipped: plans on the real kernel, which needs root\n");
		return false;
	}
	if (access(BUSYBOX, X_OK) < 0) {
		printf("skipped: plans on the real kernel, which needs a static " BUSYBOX "\n");
		return false;
	}
	(void)strcpy(m->dir, "/tmp/slipway-test-XXXXXX");
	must(mkdtemp(m->dir) != NULL, m->dir);
	(void)snprintf(m->rootfs, sizeof m->rootfs, "%s/rootfs", m->dir);
	machine_shell(m,
		"mkdir -p $D/rootfs/bin $D/rootfs/etc $D/state && chmod 755 $D && cp " BUSYBOX " $D/rootfs/bin/ &&"
		"cd $D/rootfs/bin && for p in sh cat ls id readlink mount hostname true sleep env tty stat wc grep "
		"head setsid stty sync pwd; do "
		"ln -s busybox $p; done");
	must(mkfifo(below(m, "state/gate"), 0600) == 0 && mkfifo(below(m, "state/started"), 0600) == 0, "mkfifo");

	context_init(&m->context, KEEPER);
	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0, "socketpair");
	m->context.control = high(sockets[0]);
	m->control = high(sockets[1]);
	must(pipe2(pipes, O_CLOEXEC) == 0, "pipe2");
	m->context.stdio[0] = high(open("/dev/null", O_RDWR | O_CLOEXEC));
	m->context.stdio[1] = high(dup(pipes[1]));
	m->context.stdio[2] = high(pipes[1]);
	m->output = high(pipes[0]);
	m->context.state_dir = high(open(below(m, "state"), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	m->context.gate = high(open(below(m, "state/gate"), O_RDWR | O_CLOEXEC));
	encode_begin(&m->create, PLAN_CREATE);
	encode_begin(&m->start, PLAN_START);
	return true;
}

static void make_page(struct machine *m)
{
	size_t size = 4096 + sizeof(struct record) * (m->create.count + m->start.count);
	int fd = open(below(m, "state/page"), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	const uint32_t head[4] = {0x47504c53, 1, m->create.count, m->start.count};

	must(fd >= 0 && ftruncate(fd, (off_t)size) == 0 && pwrite(fd, head, sizeof head, 0) == sizeof head, "page");
	(void)close(fd);
	must(page_open(m->context.state_dir, &m->context.page) == 0, "page_open");
}

static void device(struct machine *m, const char *path, unsigned major_number, unsigned minor_number)
{
	encode_step(&m->create, INIT, OP_MakeDevice, path, S_IFCHR | 0666U, major_number, minor_number, 0U, 0U);
}

void machine_clone(struct machine *m, uint64_t namespaces)
{
	encode_step(&m->create, LAUNCHER, OP_CloneInit, CLONE_NEWNS | CLONE_NEWPID | namespaces, 0U);
}

void machine_root(struct machine *m)
{
	encode_step(&m->create, INIT, OP_SetPropagation, "/", 0x80000U, 1U);
	encode_step(&m->create, INIT, OP_AttachRoot, m->rootfs, 1U);
}

void machine_proc_and_dev(struct machine *m)
{
	struct encoded *p = &m->create;

	encode_step(p, INIT, OP_MakeTarget, "/proc", 0U, "");
	encode_step(
		p, INIT, OP_MountFilesystem, "proc", "proc", "/proc", (uint64_t)0xe, (const char *const[]){NULL}, 0U);
	encode_step(p, INIT, OP_MakeTarget, "/dev", 0U, "");
	encode_step(p, INIT, OP_MountFilesystem, "tmpfs", "tmpfs", "/dev", (uint64_t)0x2,
		(const char *const[]){"mode=755", "size=65536k", NULL}, 0U);
	encode_step(p, INIT, OP_MakeTarget, "/dev/pts", 0U, "");
	encode_step(p, INIT, OP_MountFilesystem, "devpts", "devpts", "/dev/pts", (uint64_t)0xa,
		(const char *const[]){"newinstance", "ptmxmode=0666", "mode=0620", NULL}, 0U);
	encode_step(p, INIT, OP_MakeLink, "pts/ptmx", "/dev/ptmx", "");
	encode_step(p, INIT, OP_MakeLink, "/proc/self/fd", "/dev/fd", "");
	encode_step(p, INIT, OP_MakeLink, "/proc/kcore", "/dev/core", "/proc/nosuch");
}

void machine_usual_create(struct machine *m, uint64_t namespaces)
{
	machine_clone(m, namespaces);
	machine_root(m);
	machine_proc_and_dev(m);
	device(m, "/dev/null", 1, 3);
	device(m, "/dev/zero", 1, 5);
}

void machine_pivot_and_gate(struct machine *m)
{
	encode_step(&m->create, INIT, OP_PivotRoot, m->rootfs);
	encode_step(&m->create, INIT, OP_Signal, (uint32_t)HELPER, 5U);
	encode_step(&m->create, HELPER, OP_RecordStatus, "created");
	encode_step(&m->create, INIT, OP_WaitGate);
}

void machine_usual_start(struct machine *m, const char *const *args)
{
	static const char *const env[] = {"PATH=/bin", NULL};
	static const uint32_t none[] = {0};
	struct encoded *p = &m->start;

	encode_step(p, INIT, OP_AttachStreams, 0U);
	encode_step(p, INIT, OP_SetUmask, 022U);
	encode_step(p, INIT, OP_SetGroups, none, (size_t)0);
	encode_step(p, INIT, OP_SetIds, 0U, 0U);
	encode_step(p, INIT, OP_ChangeDirectory, "/");
	encode_step(p, INIT, OP_CloseDescriptors, 3U + m->context.preserved);
	encode_step(p, INIT, OP_LoadSeccompAndExec, args, env, "", (size_t)0, 0U, 0U);
}

/* Starts the launcher with everything but the streams and what the context names out of its sight. */
void machine_spawn(struct machine *m)
{
	int create = encode_sealed(&m->create), reader;

	make_page(m);
	m->context.page->permits = m->stepped ? 1 : 0;
	m->context.start_plan = high(m->unsealed ? memfd_create("unsealed", MFD_CLOEXEC) : encode_sealed(&m->start));
	must(plan_open(create, &m->context.create) == 0, "plan_open");
	(void)close(create);
	reader = open(below(m, "state/started"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	m->context.started = high(open(below(m, "state/started"), O_WRONLY | O_CLOEXEC));
	must(reader >= 0, "started");
	(void)close(reader);
	(void)fflush(stdout);
	m->launcher = fork();
	must(m->launcher >= 0, "fork");
	if (m->launcher == 0) {
		(void)close(m->control);
		(void)close(m->output);
		_exit(launcher_main(&m->context, 0));
	}
	close_descriptor(&m->context.control);
	close_descriptor(&m->context.started);
	close_descriptor(&m->context.start_plan);
	for (int i = 0; i < 3; i++)
		close_descriptor(&m->context.stdio[i]);
	if (m->context.console >= 0)
		close_descriptor(&m->context.console);
}

static void write_file(int pid, const char *name, const char *text)
{
	char path[64];

	(void)snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	must(fd >= 0 && write(fd, text, strlen(text)) > 0, path);
	(void)close(fd);
}

static void write_maps(const struct machine *m)
{
	struct packet go = {.kind = PACKET_GO, .value = 2};

	write_file(m->init, "uid_map", m->id_map);
	write_file(m->init, "gid_map", m->id_map);
	must(packet_send(m->control, &go, 0, -1) == 0, "go");
}

int machine_create(struct machine *m)
{
	machine_spawn(m);
	return machine_follow(m);
}

int machine_follow(struct machine *m)
{
	for (;;) {
		struct packet packet;
		int passed, size = packet_receive(m->control, &packet, &passed);

		if (size < 0)
			return m->error ? m->error : -size;
		if (packet.kind == PACKET_CLONED) {
			m->pidfd = passed;
			m->init = (int)packet.value;
			if (m->id_map)
				write_maps(m);
		} else if (packet.kind == PACKET_UNSHARED) {
			must(m->launcher == (int)packet.value, "the launcher's pid");
			close_descriptor(&passed);
			write_file(m->launcher, "setgroups", "deny");
			write_file(m->launcher, "uid_map", m->caller_uids);
			write_file(m->launcher, "gid_map", m->caller_gids);
		} else if (packet.kind == PACKET_FAILED) {
			m->error = packet.error;
			m->value = packet.value;
			memcpy(m->text, packet.text, (size_t)size);
			m->text[size] = 0;
		} else if (packet.kind == PACKET_SIGNAL && packet.value == 5) {
			return 0;
		} else if (packet.kind == PACKET_SIGNAL) { /* an odd barrier is answered by the next one */
			packet = (struct packet){.kind = PACKET_GO, .value = packet.value + 1};
			must(packet_send(m->control, &packet, 0, -1) == 0, "go");
		}
	}
}

static void read_output(struct machine *m)
{
	size_t size = strlen(m->said);
	ssize_t n;

	while ((n = read(m->output, m->said + size, sizeof m->said - 1 - size)) > 0)
		size += (size_t)n;
	m->said[size] = 0;
}

void machine_wait(struct machine *m)
{
	while (waitpid(m->init, &m->status, 0) < 0 && errno == EINTR)
		;
	m->init = 0;
}

int machine_start(struct machine *m)
{
	struct page *page = m->context.page;

	must(write(m->context.gate, "1", 1) == 1, "gate");
	read_output(m); /* to the end of the last writer */
	machine_wait(m);
	(void)strncpy(m->text, page->text, sizeof m->text - 1);
	return page->phase == PHASE_EXECUTING ? 0 : page->error ? page->error : EPROTO;
}

void machine_remove(struct machine *m)
{
	if (m->pidfd >= 0 && m->init > 0) {
		(void)syscall(SYS_pidfd_send_signal, m->pidfd, SIGKILL, NULL, 0);
		machine_wait(m);
	}
	/* not whatever child there is: the init of another machine may be one */
	if (m->launcher > 0)
		(void)waitpid(m->launcher, NULL, 0);
	close_descriptor(&m->pidfd);
	close_descriptor(&m->control);
	close_descriptor(&m->output);
	close_descriptor(&m->console);
	close_descriptor(&m->context.gate);
	close_descriptor(&m->context.state_dir);
	if (m->context.page)
		(void)munmap(m->context.page, 4096);
	plan_close(&m->context.create);
	machine_shell(m, "rm -r --one-file-system $D");
}

struct record *machine_record(struct machine *m, const struct encoded *plan, enum operation operation)
{
	struct plan decoded;
	struct record *found = NULL;

	must(plan_decode(plan->bytes, plan->size, &decoded) == 0, "plan");
	for (uint32_t i = 0; i < decoded.count && !found; i++)
		if (decoded.steps[i].operation == operation)
			found = &m->context.page->records[i + (plan == &m->start ? m->create.count : 0)];
	plan_close(&decoded);
	must(found != NULL, operation_name((uint16_t)operation));
	return found;
}

void machine_said(const struct machine *m, const char *text, int line)
{
	if (!check_result(strstr(m->said, text) != NULL, __FILE__, line, text))
		printf("it said: %s\n(%s)\n", m->said, m->text);
}

void machine_refused(struct machine *m, int error, const char *text, int line)
{
	machine_pivot_and_gate(m);
	machine_usual_start(m, (const char *const[]){"true", NULL});
	check_equal(machine_create(m), error, __FILE__, line, text);
	if (!check_result(strstr(m->text, text) != NULL, __FILE__, line, text))
		printf("it said: %s\n", m->text);
	CHECK_EQUAL(m->context.page->phase, PHASE_FAILED);
	CHECK_EQUAL(m->context.page->error, error);
	machine_remove(m);
}
