/* Namespaces: joined and made by the launcher, furnished by init. */
#include "control.h"
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#define CLONE_INTO_CGROUP UINT64_C(0x200000000)
#define PROC_MAGIC 0x9fa0

step_function step_signal, step_await, step_clone_init, step_become_container_root, step_set_time_offsets,
	step_bring_up_loopback, step_set_hostname, step_set_domainname, step_write_sysctl;

int step_signal(struct context *c, const struct step *s)
{
	struct packet packet = {.kind = PACKET_SIGNAL, .value = s->field[1].u, .step = s->index};
	int to = s->field[0].u == HELPER ? c->control : c->pair;
	int r = packet_send(to, &packet, 0, -1);

	if (r == -EPIPE || r == -ECONNRESET) /* whoever waited has gone: abort */
		return -ECANCELED;
	return r < 0 ? fail(c, r, "signal barrier %u", packet.value) : 0;
}

/* Launcher and init share the control socket, so a barrier is only taken off it by the one that waits for it. */
static int await_helper(struct context *c, uint32_t barrier)
{
	struct packet packet;

	for (;;) {
		ssize_t n = recv(c->control, &packet, PACKET_HEADER, MSG_PEEK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != ECONNRESET)
			return -errno;
		if (n <= 0)
			return -ECANCELED;
		if (packet.kind == PACKET_GO && packet.value != barrier) {
			(void)usleep(500);
			continue;
		}
		if (packet_receive(c->control, &packet, NULL) < 0)
			return -EPROTO;
		if (packet.kind == PACKET_GO)
			return 0;
	}
}

int await_pair(struct context *c, uint32_t barrier)
{
	for (;;) {
		struct packet packet;
		int passed, r = packet_receive(c->pair, &packet, &passed);

		if (r < 0)
			return r == -ECONNRESET ? -ECANCELED : r;
		if (packet.kind == PACKET_SOURCE && passed >= 0 && packet.value < MAX_SOURCES) {
			close_descriptor(&c->sources[packet.value]);
			c->sources[packet.value] = passed;
			continue;
		}
		close_descriptor(&passed);
		if (packet.kind != PACKET_SIGNAL || packet.value != barrier)
			return -EPROTO;
		return 0;
	}
}

int step_await(struct context *c, const struct step *s)
{
	uint32_t barrier = s->field[1].u;
	int r = s->field[0].u == HELPER ? await_helper(c, barrier) : await_pair(c, barrier);

	return r < 0 && r != -ECANCELED ? fail(c, r, "wait for barrier %u", barrier) : r;
}

/* In the child: only what init needs stays open. */
static int become_init(struct context *c, int pair, uint64_t namespaces, uint32_t slot, uint32_t from)
{
	close_descriptor(&c->pair);
	c->pair = pair;
	close_descriptor(&c->clocks);
	close_descriptor(&c->oom);
	if (slot > 0) /* it was born there: no open cgroup goes further than it has to */
		close_descriptor(&c->cgroups[slot - 1]);
	c->own_pid_namespace = namespaces & CLONE_NEWPID;
	return init_main(c, from);
}

/* In the launcher: tell the helper, then let init begin, so that CLONED is always the first that is heard of it. */
static int announce_init(struct context *c, const struct step *s, int pid)
{
	struct packet cloned = {.kind = PACKET_CLONED, .value = (uint32_t)pid, .step = s->index};
	struct packet go = {.kind = PACKET_SIGNAL, .value = 0, .step = s->index};
	int r;

	c->page->init = (uint32_t)pid;
	c->value = (uint64_t)pid;
	for (int i = 0; i < MAX_CGROUPS; i++)
		close_descriptor(&c->cgroups[i]);
	close_descriptor(&c->clocks);
	close_descriptor(&c->oom);
	r = packet_send(c->control, &cloned, 0, c->init);
	if (r == -EPIPE || r == -ECONNRESET)
		return -ECANCELED;
	if (r < 0)
		return fail(c, r, "send the pidfd of init");
	r = packet_send(c->pair, &go, 0, -1);
	return r < 0 ? fail(c, r, "let init begin") : 0;
}

int step_clone_init(struct context *c, const struct step *s)
{
	uint64_t namespaces = s->field[0].q;
	uint32_t slot = s->field[1].u; /* plus one */
	/* a helper that is not root writes the id maps, which belong to root unless init is dumpable; nobody else's
	 * process can see init yet, and BecomeContainerRoot ends it */
	bool dumpable = namespaces & CLONE_NEWUSER && geteuid() != 0;
	int pair[2], pidfd = -1, pid;
	/* exit_signal must be 0 with CLONE_PARENT; init gets the launcher's, SIGCHLD to the keeper */
	struct clone_request request = {.flags = namespaces | CLONE_PARENT | CLONE_PIDFD, .pidfd = (uint64_t)&pidfd};

	if (slot > 0) {
		if (slot > MAX_CGROUPS || c->cgroups[slot - 1] < 0)
			return fail(c, -EBADF, "make init in cgroup %u", slot - 1);
		request.flags |= CLONE_INTO_CGROUP;
		request.cgroup = (uint64_t)c->cgroups[slot - 1];
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(c, -errno, "make a socket pair for init");
	if (dumpable)
		(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	pid = sys_clone3(&request);
	if (pid == 0) {
		(void)close(pair[0]);
		_exit(become_init(c, pair[1], namespaces, slot, s->index + 1));
	}
	if (dumpable)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)close(pair[1]);
	c->pair = pair[0];
	if (pid < 0)
		return fail(c, -errno, "make init with namespaces %llx", (unsigned long long)namespaces);
	c->init = pidfd;
	return announce_init(c, s, pid);
}

/* First thing in a new user namespace, once its maps are written. */
int step_become_container_root(struct context *c, const struct step *s)
{
	(void)s;
	/* groups first (D09); with setgroups denied there are none to drop that the caller did not have. The confined caller
	 * keeps theirs until the program takes its own: mounts and hooks are theirs */
	if (!c->confined && setgroups(0, NULL) < 0 && errno != EPERM)
		return fail(c, -errno, "drop the supplementary groups");
	if (setresgid(0, 0, 0) < 0)
		return fail(c, -errno, "become group 0 of the user namespace");
	if (setresuid(0, 0, 0) < 0)
		return fail(c, -errno, "become user 0 of the user namespace");
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (c->container >= 0) /* exec: parts are hidden already; OpenContainer kept what the plan needs */
		return 0;
	/* now, because a procfs can't be had in a user namespace any more once parts of another one are hidden */
	return need_proc(c);
}

static bool is_proc(int fd)
{
	struct statfs about;
	struct stat inode;

	return fstatfs(fd, &about) == 0 && about.f_type == PROC_MAGIC && fstat(fd, &inode) == 0 && inode.st_ino == 1;
}

int need_proc(struct context *c)
{
	AUTO_CLOSE int fs = -1;

	if (c->proc >= 0)
		return 0;
	fs = sys_fsopen("proc");
	if (fs >= 0 && sys_fsconfig(fs, CONFIG_CREATE, NULL, NULL) == 0)
		c->proc = sys_fsmount(fs, ATTRIBUTE_NOSUID | ATTRIBUTE_NODEV | ATTRIBUTE_NOEXEC);
	if (c->proc < 0 && !c->pivoted)
		c->proc = open_host("/proc", O_PATH | O_DIRECTORY);
	if (c->proc < 0)
		return fail(c, -errno, "make a procfs");
	if (!is_proc(c->proc)) {
		close_descriptor(&c->proc);
		return fail(c, -EMEDIUMTYPE, "use '/proc', which is no procfs");
	}
	return 0;
}

int write_own_proc(struct context *c, const char *name, const char *text)
{
	AUTO_CLOSE int self = -1, fd = -1;
	int r = need_proc(c);

	if (r < 0)
		return r;
	self = open_proc_self(c->proc);
	if (self < 0)
		return fail(c, self, "open /proc/self");
	fd = open_proc(self, name, O_WRONLY);
	if ((fd == -EACCES || fd == -EPERM) && !c->confined) {
		(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		fd = open_proc(self, name, O_WRONLY);
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	}
	if (fd < 0)
		return fail(c, fd, "open '/proc/self/%s'", name);
	r = write_text(fd, text);
	return r < 0 ? fail(c, r, "write '%s' to '/proc/self/%s'", text, name) : 0;
}

/* Not by clone3: offsets can only be set before the first process is in the namespace. */
int step_set_time_offsets(struct context *c, const struct step *s)
{
	AUTO_CLOSE int self = -1, fd = -1;
	int r;

	if (unshare(CLONE_NEWTIME) < 0)
		return fail(c, -errno, "make a time namespace");
	if (c->role == LAUNCHER) { /* confined: init is born in it */
		r = !s->field[0].s[0] ? 0 : c->clocks < 0 ? -EBADF : write_text(c->clocks, s->field[0].s);
		return r < 0 ? fail(c, r, "write '%s' to '/proc/self/timens_offsets'", s->field[0].s) : 0;
	}
	r = s->field[0].s[0] ? write_own_proc(c, "timens_offsets", s->field[0].s) : need_proc(c);
	if (r < 0)
		return r;
	self = open_proc_self(c->proc);
	/* the last part is a magic link, of a procfs of our own */
	fd = self < 0 ? self : openat(self, "ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(c, self < 0 ? self : -errno, "open the time namespace");
	return setns(fd, CLONE_NEWTIME) < 0 ? fail(c, -errno, "enter the time namespace") : 0;
}

int step_bring_up_loopback(struct context *c, const struct step *s)
{
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request;

	(void)s;
	memset(&request, 0, sizeof request);
	memcpy(request.ifr_name, "lo", 3);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return fail(c, -errno, "find interface 'lo'");
	request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? fail(c, -errno, "bring up interface 'lo'") : 0;
}

int step_set_hostname(struct context *c, const struct step *s)
{
	const char *name = s->field[0].s;

	return sethostname(name, strlen(name)) < 0 ? fail(c, -errno, "set the hostname to '%s'", name) : 0;
}

int step_set_domainname(struct context *c, const struct step *s)
{
	const char *name = s->field[0].s;

	return setdomainname(name, strlen(name)) < 0 ? fail(c, -errno, "set the domain name to '%s'", name) : 0;
}

/* Those that hold kernel parameters. */
static const struct {
	uint32_t flag;
	const char *link;
} holders[HOST_NAMESPACES] = {
	{CLONE_NEWNET, "ns/net"}, {CLONE_NEWIPC, "ns/ipc"}, {CLONE_NEWUTS, "ns/uts"}, {CLONE_NEWUSER, "ns/user"}};

/* The inode of one of this process's own namespaces, or 0. The last part is a magic link, of a directory of /proc. */
static uint64_t namespace_inode(int self, const char *link)
{
	struct stat about;

	return self >= 0 && fstatat(self, link, &about, 0) == 0 ? about.st_ino : 0;
}

void note_host_namespaces(struct context *c)
{
	AUTO_CLOSE int self = open_host("/proc/self", O_PATH | O_DIRECTORY);

	for (int i = 0; i < HOST_NAMESPACES; i++)
		c->host_namespaces[i] = namespace_inode(self, holders[i].link);
}

/* Whether a namespace that was joined by path is the host's after all (SYSCTL-02). */
static bool is_host_namespace(struct context *c, uint32_t flag)
{
	AUTO_CLOSE int self = open_proc_self(c->proc);

	for (int i = 0; i < HOST_NAMESPACES; i++)
		if (holders[i].flag == flag)
			return c->host_namespaces[i] == namespace_inode(self, holders[i].link);
	return true;
}

int step_write_sysctl(struct context *c, const struct step *s)
{
	AUTO_CLOSE int sys = -1, fd = -1;
	int r = need_proc(c);

	if (r < 0)
		return r;
	if (is_host_namespace(c, s->field[2].u))
		return fail(c, -EXDEV, "set '%s', which would be the host's", s->field[0].s);
	sys = open_proc(c->proc, "sys", O_PATH | O_DIRECTORY);
	fd = sys < 0 ? sys : open_proc(sys, s->field[0].s, O_WRONLY);
	if (fd < 0)
		return fail(c, fd, "open '/proc/sys/%s'", s->field[0].s);
	r = write_text(fd, s->field[1].s);
	return r < 0 ? fail(c, r, "write '%s' to '/proc/sys/%s'", s->field[1].s, s->field[0].s) : 0;
}
