/* Plans that become their caller, on the real kernel, as root: what they can do then, and what they cannot. */
#include "caller.h"
#include "check.h"
#include "machine.h"
#include "syscalls.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define CALLER 4711U
#define GROUP 4712U
#define NEGATIVE 4713U	       /* a group that takes rights away */
#define OWNER_UID _IO(0xb7, 4) /* NS_GET_OWNER_UID */
#define EVERYTHING (CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET)

#define SH(script)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		"sh", "-c", script, NULL                                                                               \
	}

#define SAID(m, text) check_said((m), (text), __LINE__)

static void check_said(const struct machine *m, const char *text, int line)
{
	if (!check_result(strstr(m->said, text) != NULL, __FILE__, line, text))
		printf("it said: %s\n(%s)\n", m->said, m->text);
}

static const uint32_t groups[] = {GROUP, NEGATIVE};

static void become(struct machine *m)
{
	encode_step(&m->create, LAUNCHER, OP_BecomeCaller, CALLER, GROUP, groups, (size_t)2, 3U, 5U);
}

/* A machine whose root filesystem is the caller's, and the launcher's steps up to the maps. */
static bool caller_machine(struct machine *m)
{
	if (!machine_make(m))
		return false;
	machine_shell(m, "chown -R 4711:4712 $D/rootfs; chmod 711 $D");
	m->caller_uids = "0 4711 1\n";
	m->caller_gids = "0 4712 1\n";
	become(m);
	return true;
}

static void unshare_and_clone(struct machine *m, uint64_t namespaces)
{
	encode_step(&m->create, LAUNCHER, OP_NewUserNamespace);
	encode_step(&m->create, LAUNCHER, OP_Signal, (uint32_t)HELPER, 1U);
	encode_step(&m->create, LAUNCHER, OP_Await, (uint32_t)HELPER, 2U);
	machine_clone(m, namespaces);
}

static void up_to_the_pivot(struct machine *m)
{
	encode_step(&m->create, INIT, OP_BecomeContainerRoot);
	machine_root(m);
	machine_proc_and_dev(m);
	encode_step(&m->create, INIT, OP_BindDevice, "/dev/null", "/dev/null", 1U, 3U);
}

/* The program, without the step that takes groups: they cannot be changed. */
static void start(struct machine *m, const char *const *args)
{
	static const char *const env[] = {"PATH=/bin", NULL};

	encode_step(&m->start, INIT, OP_AttachStreams, 0U);
	encode_step(&m->start, INIT, OP_SetIds, 0U, 0U);
	encode_step(&m->start, INIT, OP_ChangeDirectory, "/");
	encode_step(&m->start, INIT, OP_CloseDescriptors, 3U);
	encode_step(&m->start, INIT, OP_LoadSeccompAndExec, args, env, "", (size_t)0, 0U, 0U);
}

/* A line of /proc/PID/status, without its name. */
static void status_of(int pid, const char *name, char *ret_line, size_t size)
{
	char path[64];
	FILE *status;

	(void)snprintf(path, sizeof path, "/proc/%d/status", pid);
	status = fopen(path, "re");
	*ret_line = 0;
	while (status && fgets(ret_line, (int)size, status) && strncmp(ret_line, name, strlen(name)) != 0)
		*ret_line = 0;
	if (status)
		(void)fclose(status);
}

static void is_the_caller(int pid)
{
	char line[256], expected[256];

	status_of(pid, "Uid:", line, sizeof line);
	(void)snprintf(expected, sizeof expected, "Uid:\t%u\t%u\t%u\t%u\n", CALLER, CALLER, CALLER, CALLER);
	CHECK_STRING(line, expected);
	status_of(pid, "Gid:", line, sizeof line);
	(void)snprintf(expected, sizeof expected, "Gid:\t%u\t%u\t%u\t%u\n", GROUP, GROUP, GROUP, GROUP);
	CHECK_STRING(line, expected);
	status_of(pid, "Groups:", line, sizeof line);
	(void)snprintf(expected, sizeof expected, "Groups:\t%u %u \n", GROUP, NEGATIVE);
	CHECK_STRING(line, expected);
}

static unsigned owner_of_namespace(int pid)
{
	char path[64];
	unsigned owner = 0;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0 && ioctl(fd, OWNER_UID, &owner) == 0);
	(void)close(fd);
	return owner;
}

/* What the user, on the host, can do to a process of theirs that still holds descriptors of the helper. */
static void the_user_cannot_look_into(int pid)
{
	static const struct caller user = {CALLER, GROUP, groups, 2, 0};
	const char *what;
	char path[64];
	int status;
	pid_t child = fork();

	if (child == 0) {
		(void)snprintf(path, sizeof path, "/proc/%d/fd/0", pid);
		if (become_caller(&user, &what) < 0 || kill(pid, 0) < 0)
			_exit(1); /* it is theirs: they may signal it */
		if (open(path, O_RDONLY) >= 0 || errno != EACCES)
			_exit(2);
		if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0 || errno != EPERM)
			_exit(3);
		if (syscall(SYS_pidfd_getfd, sys_pidfd_open(pid), 3, 0) >= 0 || errno != EPERM)
			_exit(4);
		/* not even from within the namespace that is theirs */
		(void)snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
		if (open(path, O_RDONLY) >= 0)
			_exit(5);
		_exit(0);
	}
	(void)waitpid(child, &status, 0);
	CHECK_EQUAL(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
}

static void launcher_and_init_are_the_caller_and_closed_to_them(void)
{
	struct machine m;

	if (!caller_machine(&m))
		return;
	machine_shell(&m, "mkdir $D/own; echo mine >$D/own/file; chown -R 4711:4712 $D/own; chmod 700 $D/own");
	char source[100];
	(void)snprintf(source, sizeof source, "%s/own", m.dir);
	unshare_and_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	encode_step(&m.create, INIT, OP_MakeTarget, "/mnt", 2U, source);
	encode_step(
		&m.create, INIT, OP_Bind, source, "/mnt", 1U, (uint64_t)6, (uint64_t)0, (uint64_t)6, (uint64_t)0, 0U);
	machine_pivot_and_gate(&m);
	start(&m, SH("id -u; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups /mnt/file;"
		     "cat /proc/self/oom_score_adj; cut -d' ' -f19 /proc/self/stat; echo fds $(ls /proc/self/fd)"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		is_the_caller(m.init);
		CHECK_EQUAL(owner_of_namespace(m.init), CALLER);
		the_user_cannot_look_into(m.init);
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, "0\n         0       4711          1\n         0       4712          1\ndeny\nmine\n");
		SAID(&m, "5\n3\nfds 0 1 2 3\n");
	} else {
		printf("%s\n", m.text);
	}
	machine_remove(&m);
}

static void refused(struct machine *m, int error, const char *text, int line)
{
	machine_pivot_and_gate(m);
	start(m, SH("true"));
	check_equal(machine_create(m), error, __FILE__, line, text);
	if (!check_result(strstr(m->text, text) != NULL, __FILE__, line, text))
		printf("it said: %s\n", m->text);
	machine_remove(m);
}

#define REFUSED(m, error, text) refused((m), (error), (text), __LINE__)

static void what_the_caller_may_not_the_plan_may_not(void)
{
	struct machine m;
	char path[100];

	if (!caller_machine(&m))
		return;
	machine_shell(&m, "mkdir -p $D/secret/source; chmod 700 $D/secret"); /* root's */
	(void)snprintf(path, sizeof path, "%s/secret/source", m.dir);
	unshare_and_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	encode_step(&m.create, INIT, OP_MakeTarget, "/mnt", 0U, "");
	encode_step(&m.create, INIT, OP_Bind, path, "/mnt", 1U, (uint64_t)0, (uint64_t)0, (uint64_t)0, (uint64_t)0, 0U);
	REFUSED(&m, EACCES, "open bind source");

	caller_machine(&m);
	unshare_and_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	/* said to be of a namespace of its own, so that it is the kernel who refuses */
	encode_step(&m.create, INIT, OP_WriteSysctl, "kernel/core_pattern", "|/tmp/x", (uint32_t)CLONE_NEWNET);
	REFUSED(&m, EACCES, "kernel/core_pattern");

	caller_machine(&m);
	unshare_and_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	encode_step(&m.create, INIT, OP_MakeDevice, "/dev/null", S_IFCHR | 0666U, 1U, 3U, 0U, 0U);
	encode_step(&m.create, INIT, OP_MakeDevice, "/dev/sda", S_IFBLK | 0666U, 8U, 0U, 0U, 0U);
	REFUSED(&m, EPERM, "make device '/dev/sda'");

	caller_machine(&m);
	encode_step(&m.create, LAUNCHER, OP_OpenNamespace, 0U, (uint32_t)CLONE_NEWNET, "/proc/1/ns/net");
	unshare_and_clone(&m, EVERYTHING);
	REFUSED(&m, EACCES, "open namespace '/proc/1/ns/net'");

	caller_machine(&m);
	encode_step(&m.create, LAUNCHER, OP_SetOomScoreAdj, (uint32_t)-900);
	unshare_and_clone(&m, EVERYTHING);
	REFUSED(&m, EACCES, "write '-900' to '/proc/self/oom_score_adj'");
}

/* A group that takes rights away cannot be dropped: neither by us nor by the program (CVE-2014-8989). */
static void a_group_that_forbids_stays(void)
{
	struct machine m;

	if (!caller_machine(&m))
		return;
	machine_shell(&m,
		"echo forbidden >$D/rootfs/etc/file; chown 0:4713 $D/rootfs/etc/file; chmod 707 $D/rootfs/etc/file");
	unshare_and_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	machine_pivot_and_gate(&m);
	start(&m, SH("cat /etc/file; echo tried; setpriv --clear-groups cat /etc/file; chroot / cat /etc/file"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, "Permission denied\ntried\n");
		CHECK(!strstr(m.said, "forbidden"));
	}
	machine_remove(&m);
}

static void clocks_and_score_come_from_files_opened_before(void)
{
	struct machine m;

	if (!caller_machine(&m))
		return;
	encode_step(&m.create, LAUNCHER, OP_SetOomScoreAdj, 300U);
	encode_step(&m.create, LAUNCHER, OP_NewUserNamespace);
	encode_step(&m.create, LAUNCHER, OP_Signal, (uint32_t)HELPER, 1U);
	encode_step(&m.create, LAUNCHER, OP_Await, (uint32_t)HELPER, 2U);
	encode_step(&m.create, LAUNCHER, OP_SetTimeOffsets, "boottime 1000000 0\n");
	machine_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	machine_pivot_and_gate(&m);
	start(&m, SH("cat /proc/self/oom_score_adj; grep boot /proc/self/timens_offsets;"
		     "[ $(cut -d. -f1 /proc/uptime) -gt 1000000 ] && echo later"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		the_user_cannot_look_into(m.init);
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, "300\nboottime      1000000         0\nlater\n");
	} else {
		printf("%s\n", m.text);
	}
	machine_remove(&m);
}

static void an_open_cgroup_and_root_are_refused(void)
{
	const char *what;
	struct context c;
	union value fields[5] = {{.u = CALLER}, {.u = GROUP}};
	struct step s = {.index = 0, .field = fields};
	gid_t none = 0;
	struct caller root = {0, 0, &none, 0, 0}, odd = {(uid_t)-1, 5, &none, 0, 0};

	context_init(&c, LAUNCHER);
	c.cgroups[3] = 1; /* any descriptor */
	CHECK_EQUAL(become_caller(&root, &what), -EINVAL);
	CHECK_EQUAL(become_caller(&odd, &what), -EINVAL);
	extern step_function step_become_caller;
	CHECK_EQUAL(step_become_caller(&c, &s), -EBUSY);
	CHECK_STRING(c.text, "become the caller while cgroup 3 is open");
	CHECK_EQUAL(geteuid(), 0);
}

static void callers_are_read_strictly(void)
{
	struct caller who;
	gid_t room[3];

	if (CHECK_EQUAL(parse_caller("1000:100:-5:100,27", &who, room, 3), 0)) {
		CHECK(who.uid == 1000 && who.gid == 100 && who.nice == -5 && who.group_count == 2 && room[1] == 27);
	}
	CHECK_EQUAL(parse_caller("4294967294:0:0:", &who, room, 3), 0);
	CHECK_EQUAL(who.group_count, 0);
	for (const char *const *wrong = (const char *const[]){"", "1", "1:2", "1:2:3", "0x1:2:3:", " 1:2:3:", "-1:2:3:",
		     "4294967295:2:3:", "4294967296:2:3:", "18446744073709551617:2:3:", "1:4294967295:0:", "1:2:21:",
		     "1:2:0:3,", "1:2:0:,3", "1:2:0:3,4,5,6", "1:2:0:3;4", "1:2:0:x", "a:2:0:3", "1::0:3", NULL};
		*wrong; wrong++)
		if (!CHECK_EQUAL(parse_caller(*wrong, &who, room, 3), -EINVAL))
			printf("%s\n", *wrong);
	CHECK_EQUAL(apply_limit("7:1"), -EINVAL);
	CHECK_EQUAL(apply_limit("16:1:1"), -EINVAL);
	CHECK_EQUAL(apply_limit("7:1:2:3"), -EINVAL);
	CHECK_EQUAL(apply_limit("7:1:18446744073709551616"), -EINVAL);
}

static void the_floor_is_below_the_program(void)
{
	/* unshare is refused, all else is allowed */
	const struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct machine m;

	if (!caller_machine(&m))
		return;
	unshare_and_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	machine_pivot_and_gate(&m);
	encode_step(&m.start, INIT, OP_LoadFloor, (const void *)filter, sizeof filter);
	start(&m, SH("unshare -m true; grep Seccomp: /proc/self/status"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, "Operation not permitted\nSeccomp:\t2\n");
	}
	machine_remove(&m);

	caller_machine(&m);
	unshare_and_clone(&m, EVERYTHING);
	up_to_the_pivot(&m);
	machine_pivot_and_gate(&m);
	encode_step(&m.start, INIT, OP_LoadFloor, "", (size_t)0); /* a filter that is missing is none */
	start(&m, SH("echo ran"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), EINVAL);
		CHECK(!strstr(m.said, "ran"));
	}
	machine_remove(&m);
}

int main(void)
{
	callers_are_read_strictly();
	launcher_and_init_are_the_caller_and_closed_to_them();
	what_the_caller_may_not_the_plan_may_not();
	a_group_that_forbids_stays();
	clocks_and_score_come_from_files_opened_before();
	an_open_cgroup_and_root_are_refused();
	the_floor_is_below_the_program();
	return check_done();
}
