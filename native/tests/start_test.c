/* What happens between the gate and the program: hooks, identity, filter, streams. On the real kernel, as root. */
#include "check.h"
#include "control.h"
#include "machine.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define SH(script)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		"sh", "-c", script, NULL                                                                               \
	}
#define ENV                                                                                                            \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		"PATH=/bin", NULL                                                                                      \
	}
#define SAID(m, text) check_said((m), (text), __LINE__)
#define SYS_ADMIN (UINT64_C(1) << 21)
#define NET_RAW (UINT64_C(1) << 13)
#define CHOWN UINT64_C(1)

static void check_said(const struct machine *m, const char *text, int line)
{
	if (!check_result(strstr(m->said, text) != NULL, __FILE__, line, text))
		printf("it said: %s\n(%s)\n", m->said, m->text);
}

/* A machine with the usual create plan; false where that cannot be. */
static bool made(struct machine *m)
{
	if (!machine_make(m))
		return false;
	machine_usual_create(m, 0);
	return true;
}

static void go(struct machine *m, int error, int line)
{
	int r = machine_create(m);

	if (!check_equal(r, 0, __FILE__, line, "create"))
		printf("%s\n", m->text);
	else if (!check_equal(machine_start(m), error, __FILE__, line, "start"))
		printf("%s\n", m->text);
}

#define GO(m, error) go((m), (error), __LINE__)

static void identity(
	struct machine *m, uint32_t uid, uint32_t gid, uint64_t capabilities, uint64_t ambient, bool for_filter)
{
	static const uint32_t groups[] = {10, 20};
	struct encoded *p = &m->start;

	encode_step(p, INIT, OP_JoinSessionKeyring, "_ses.test");
	encode_step(p, INIT, OP_NewSession);
	encode_step(p, INIT, OP_AttachStreams, 0U);
	encode_step(p, INIT, OP_SetRlimit, 7U, (uint64_t)123, (uint64_t)456);
	encode_step(p, INIT, OP_SetOomScoreAdj, 77U);
	encode_step(p, INIT, OP_SetUmask, 027U);
	encode_step(p, INIT, OP_SetGroups, groups, (size_t)2);
	encode_step(p, INIT, OP_DropBounding, capabilities);
	encode_step(p, INIT, OP_SetIds, uid, gid);
	encode_step(p, INIT, OP_SetCapabilities, capabilities, capabilities, ambient, for_filter ? 1U : 0U);
	encode_step(p, INIT, OP_SetAmbient, ambient);
}

static void program(struct machine *m, const char *const *args, const void *filter, size_t size)
{
	encode_step(&m->start, INIT, OP_ChangeDirectory, "/tmp");
	encode_step(&m->start, INIT, OP_CloseDescriptors, 3U);
	encode_step(&m->start, INIT, OP_LoadSeccompAndExec, args, ENV, filter, size, 0U, 0U);
}

static void the_program_is_who_the_plan_says(void)
{
	struct machine m;

	if (!made(&m))
		return;
	machine_shell(&m, "mkdir -m 777 $D/rootfs/tmp; echo 'a:x:10:::/wrong:\nme:x:1000:1000::/home/me:/bin/sh' "
			  ">$D/rootfs/etc/passwd");
	machine_pivot_and_gate(&m);
	identity(&m, 1000, 1001, CHOWN | NET_RAW, NET_RAW, false);
	encode_step(&m.start, INIT, OP_SetNoNewPrivileges);
	program(&m,
		SH("grep -E '^(Uid|Gid|Groups|Cap|NoNew|Seccomp:)' /proc/self/status; cat /proc/self/oom_score_adj; "
		   "umask; pwd;"
		   "echo $HOME; ulimit -n; ulimit -Hn; grep Session /proc/1/stat; readlink /proc/1/exe; cat "
		   "/proc/keys"),
		"", 0);
	GO(&m, 0);
	SAID(&m, "Uid:\t1000\t1000\t1000\t1000\nGid:\t1001\t1001\t1001\t1001\nGroups:\t10 20 \n");
	SAID(&m, "CapInh:\t0000000000002000\nCapPrm:\t0000000000002000\nCapEff:\t0000000000002000\n"
		 "CapBnd:\t0000000000002001\nCapAmb:\t0000000000002000\nNoNewPrivs:\t1\nSeccomp:\t0\n");
	SAID(&m, "77\n0027\n/tmp\n/home/me\n123\n456\n");
	machine_remove(&m);
}

static void root_keeps_what_is_bounded(void)
{
	struct machine m;

	if (!made(&m))
		return;
	machine_shell(&m, "mkdir $D/rootfs/tmp");
	machine_pivot_and_gate(&m);
	identity(&m, 0, 0, CHOWN, 0, false);
	program(&m, SH("grep '^Cap' /proc/self/status"), "", 0);
	GO(&m, 0);
	CHECK_STRING(m.said, "CapInh:\t0000000000000000\nCapPrm:\t0000000000000001\nCapEff:\t0000000000000001\n"
			     "CapBnd:\t0000000000000001\nCapAmb:\t0000000000000000\n");
	machine_remove(&m);
}

/* Allows all but one call, which is answered with `action`. */
static size_t filter_against(struct sock_filter *filter, int call, uint32_t action)
{
	const struct sock_filter lines[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	memcpy(filter, lines, sizeof lines);
	return sizeof lines;
}

static void a_filter_needs_no_no_new_privileges(void)
{
	struct sock_filter filter[4];
	struct machine m;

	if (!made(&m))
		return;
	machine_shell(&m, "mkdir $D/rootfs/tmp");
	machine_pivot_and_gate(&m);
	identity(&m, 1000, 1000, 0, 0, true);
	program(&m,
		SH("grep -E '^(Cap[PE]|NoNew|Seccomp:)' /proc/self/status; sync; echo $?; hostname x || echo refused"),
		filter, filter_against(filter, SYS_sethostname, SECCOMP_RET_ERRNO | EBADE));
	GO(&m, 0);
	SAID(&m, "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t2\n");
	SAID(&m, "hostname: sethostname: Invalid exchange\nrefused\n");
	machine_remove(&m);
}

static void a_filter_that_forbids_the_exec_is_reported(void)
{
	struct sock_filter filter[4];
	struct machine m;

	if (!made(&m))
		return;
	machine_shell(&m, "mkdir $D/rootfs/tmp");
	machine_pivot_and_gate(&m);
	program(&m, SH("true"), filter, filter_against(filter, SYS_execve, SECCOMP_RET_ERRNO | ENOTNAM));
	GO(&m, ENOTNAM);
	CHECK_STRING(m.text, "execute '/bin/sh'");
	machine_remove(&m);
	if (!made(&m))
		return;
	machine_shell(&m, "mkdir $D/rootfs/tmp");
	machine_pivot_and_gate(&m);
	program(&m, SH("true"), filter, filter_against(filter, SYS_execve, SECCOMP_RET_KILL_PROCESS));
	GO(&m, 0); /* the page cannot know it: whoever asks must look at the process too */
	CHECK(WIFSIGNALED(m.status) && WTERMSIG(m.status) == SIGSYS);
	machine_remove(&m);
}

static void what_can_not_be_executed_is_reported(void)
{
	struct machine m;

	if (!made(&m))
		return;
	machine_shell(&m, "mkdir $D/rootfs/tmp; echo garbage >$D/rootfs/bin/garbage; chmod 755 $D/rootfs/bin/garbage");
	machine_pivot_and_gate(&m);
	program(&m, (const char *const[]){"garbage", NULL}, "", 0);
	GO(&m, ENOEXEC);
	CHECK_STRING(m.text, "execute '/bin/garbage'");
	CHECK_EQUAL(machine_record(&m, &m.start, OP_LoadSeccompAndExec)->error, ENOEXEC);
	CHECK_EQUAL(machine_record(&m, &m.start, OP_LoadSeccompAndExec)->value, TRAP_FORMAT);
	CHECK(WIFEXITED(m.status) && WEXITSTATUS(m.status) == 1);
	machine_remove(&m);
	if (!made(&m))
		return;
	machine_pivot_and_gate(&m);
	encode_step(&m.start, INIT, OP_AttachStreams, 0U);
	encode_step(&m.start, INIT, OP_ChangeDirectory, "/proc/self/fd/3/..");
	GO(&m, ELOOP);
	CHECK_STRING(m.text, "enter the working directory '/proc/self/fd/3/..'");
	machine_remove(&m);
	if (!made(&m))
		return;
	machine_pivot_and_gate(&m);
	encode_step(&m.start, INIT, OP_SetCapabilities, UINT64_MAX, UINT64_MAX, (uint64_t)0, 0U);
	GO(&m, EPERM); /* a capability that this kernel does not have */
	machine_remove(&m);
}

/* What is certain is found in create; what binfmt_misc might help with, only when the kernel has refused. PROC-03 */
static void traps_are_told_where_they_are_certain(void)
{
	struct machine m;

	if (!made(&m))
		return;
	machine_shell(&m, "printf '#!/no/such\n' >$D/rootfs/bin/script; chmod 755 $D/rootfs/bin/script");
	encode_step(&m.create, INIT, OP_ProbeProgram, "script", ENV, "/");
	CHECK_EQUAL(machine_create(&m), ENOENT);
	CHECK_STRING(m.text, "/no/such");
	CHECK_EQUAL(m.value, TRAP_INTERPRETER);
	CHECK_EQUAL(machine_record(&m, &m.create, OP_ProbeProgram)->value, TRAP_INTERPRETER);
	machine_remove(&m);
	if (!made(&m))
		return;
	machine_shell(&m, "rm -r $D/rootfs/bin $D/rootfs/etc");
	encode_step(&m.create, INIT, OP_PivotRoot, m.rootfs);
	encode_step(&m.create, INIT, OP_ProbeProgram, "sh", ENV, "/");
	CHECK_EQUAL(machine_create(&m), ENOENT);
	CHECK_EQUAL(m.value, TRAP_BARE_ROOT);
	machine_remove(&m);
	if (!made(&m))
		return;
	/* a program for a processor of 1975, as far as its header says */
	machine_shell(&m,
		"head -c 4096 $D/rootfs/bin/busybox >$D/rootfs/bin/odd && printf '\\001\\000' |"
		"dd of=$D/rootfs/bin/odd bs=1 seek=18 conv=notrunc status=none && chmod 755 $D/rootfs/bin/odd");
	encode_step(&m.create, INIT, OP_ProbeProgram, "odd", ENV, "/");
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, (const char *const[]){"odd", NULL});
	GO(&m, ENOEXEC);
	CHECK_STRING(m.text, "machine 1");
	CHECK_EQUAL(machine_record(&m, &m.start, OP_LoadSeccompAndExec)->value, TRAP_MACHINE);
	machine_remove(&m);
}

static void a_start_plan_must_be_sealed_and_fit(void)
{
	struct machine m;

	if (!made(&m))
		return;
	machine_pivot_and_gate(&m);
	m.unsealed = true;
	machine_usual_start(&m, SH("true"));
	GO(&m, EPERM);
	CHECK_STRING(m.text, "read the start plan");
	machine_remove(&m);
}

/* Reads the frames of the file "hooks" into one text. */
static void read_hooks(const struct machine *m, char *ret_text, size_t size)
{
	char path[100], bytes[8192];
	size_t at = 0, used = 0, total;

	(void)snprintf(path, sizeof path, "%s/state/hooks", m->dir);
	FILE *file = fopen(path, "re");
	total = file ? fread(bytes, 1, sizeof bytes, file) : 0;
	ret_text[0] = 0;
	while (at + 12 <= total) {
		uint32_t step, length;
		int32_t status;

		memcpy(&step, bytes + at, 4);
		memcpy(&length, bytes + at + 8, 4);
		memcpy(&status, bytes + at + 12, 4);
		if (bytes[at + 5] == 3)
			used += (size_t)snprintf(ret_text + used, size - used, "[end %d of kind %d at %d]", status,
				bytes[at + 4], bytes[at + 6]);
		else
			used += (size_t)snprintf(
				ret_text + used, size - used, "[%d:%.*s]", bytes[at + 5], (int)length, bytes + at + 12);
		at += 12 + length;
	}
	if (file)
		(void)fclose(file);
}

static void hook(struct encoded *plan, uint32_t kind, const char *path, const char *script, uint64_t timeout)
{
	encode_step(plan, INIT, OP_RunHook, kind, 4U, path, (const char *const[]){"sh", "-c", script, NULL},
		(const char *const[]){"WHO=hook", NULL}, timeout, "{\"pid\":", "}");
}

static void hooks_get_the_state_and_their_output_is_kept(void)
{
	struct machine m;
	char text[4096];

	if (!made(&m))
		return;
	hook(&m.create, 2, "/bin/busybox", "cat; echo $WHO; echo err >&2; umask", 2000);
	machine_pivot_and_gate(&m);
	hook(&m.start, 3, "/bin/sh", "echo in; sleep 100 & exit 0", 0);
	machine_usual_start(&m, SH("ls -d /proc/[0-9]* | wc -l"));
	GO(&m, 0);
	read_hooks(&m, text, sizeof text);
	CHECK(strstr(text, "[1:{\"pid\":1}") == text);
	CHECK(strstr(text, "hook\n") != NULL);
	CHECK(strstr(text, "err\n") != NULL);
	CHECK(strstr(text, "0022\n") != NULL);
	CHECK(strstr(text, "[end 0 of kind 2 at 4]") != NULL);
	CHECK(strstr(text, "[1:in\n][end 0 of kind 3 at 4]") != NULL);
	CHECK_EQUAL(machine_record(&m, &m.create, OP_RunHook)->value, 0);
	machine_remove(&m);
}

static void hooks_that_fail_end_the_create(void)
{
	struct machine m;
	char text[4096];

	if (!made(&m))
		return;
	hook(&m.create, 2, "/bin/sh", "echo bad >&2; exit 3", 0);
	machine_pivot_and_gate(&m);
	CHECK_EQUAL(machine_create(&m), ECHILD);
	CHECK_STRING(m.text, "run hook '/bin/sh', which ended with status 3");
	CHECK_EQUAL(machine_record(&m, &m.create, OP_RunHook)->value, 3);
	read_hooks(&m, text, sizeof text);
	CHECK_STRING(text, "[2:bad\n][end 3 of kind 2 at 4]");
	machine_remove(&m);
	if (!made(&m))
		return;
	hook(&m.create, 2, "/nonexistent/hook", "", 0);
	CHECK_EQUAL(machine_create(&m), ENOENT);
	CHECK_STRING(m.text, "execute hook '/nonexistent/hook'");
	read_hooks(&m, text, sizeof text);
	CHECK_STRING(text, "[end -2 of kind 2 at 4]");
	machine_remove(&m);
	if (!made(&m))
		return;
	hook(&m.create, 2, "/bin/sh", "trap '' TERM; setsid sleep 1000 & sleep 1000", 100);
	CHECK_EQUAL(machine_create(&m), ETIMEDOUT);
	CHECK_STRING(m.text, "wait for hook '/bin/sh', which took longer than 100 ms");
	read_hooks(&m, text, sizeof text);
	CHECK_STRING(text, "[end 137 of kind 2 at 4]");
	machine_wait(&m); /* init has ended, and with it its namespace: nothing of the hook is left */
	machine_remove(&m);
}

static void a_hook_that_floods_is_cut(void)
{
	struct machine m;
	char path[100];
	struct stat about;

	if (!made(&m))
		return;
	hook(&m.create, 2, "/bin/sh", "head -c 5000000 /dev/zero", 10000);
	machine_pivot_and_gate(&m);
	CHECK_EQUAL(machine_create(&m), 0);
	(void)snprintf(path, sizeof path, "%s/state/hooks", m.dir);
	CHECK_EQUAL(stat(path, &about), 0);
	CHECK(about.st_size >= 1024 * 1024 && about.st_size < 1024 * 1024 + 20000);
	machine_remove(&m);
}

static void a_hook_that_floods_without_end_runs_out_of_time(void)
{
	struct machine m;
	time_t begin = time(NULL);

	if (!made(&m))
		return;
	/* several writers: the pipe is full again before we have looked away */
	hook(&m.create, 2, "/bin/sh", "yes & yes & exec yes", 300);
	CHECK_EQUAL(machine_create(&m), ETIMEDOUT);
	CHECK(time(NULL) - begin < 5);
	machine_wait(&m);
	machine_remove(&m);
}

static void preserved_descriptors_stand_from_3_on(void)
{
	struct machine m;

	if (!made(&m))
		return;
	for (int i = 0; i < 7; i++) { /* more than there is room for below 8 */
		char name[32];
		int low = memfd_create("preserved", MFD_CLOEXEC), fd = fcntl(low, F_DUPFD_CLOEXEC, 40);

		(void)snprintf(name, sizeof name, "number %d\n", i);
		CHECK(pwrite(fd, name, strlen(name), 0) > 0);
		CHECK_EQUAL(dup3(fd, FIRST_PRESERVED + i, O_CLOEXEC), FIRST_PRESERVED + i);
		(void)close(fd);
		if (low != FIRST_PRESERVED + i)
			(void)close(low);
	}
	m.context.preserved = 7;
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("cat /proc/self/fd/3 /proc/self/fd/9; ls /proc/self/fd"));
	GO(&m, 0);
	CHECK_STRING(m.said, "number 0\nnumber 6\n0\n1\n10\n2\n3\n4\n5\n6\n7\n8\n9\n"); /* 10: what ls reads */

	for (int i = 0; i < 7; i++)
		(void)close(FIRST_PRESERVED + i);
	machine_remove(&m);
}

static int take_master(int from)
{
	char name[64];
	struct iovec bytes = {name, sizeof name};
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} ancillary;
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &ancillary, .msg_controllen = sizeof ancillary};
	int fd = -1;

	if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) > 0 && CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return fd;
}

static void a_terminal_is_the_console(void)
{
	struct machine m;
	int sockets[2], master;
	size_t size = 0;

	if (!made(&m))
		return;
	CHECK_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	m.context.console = sockets[0];
	encode_step(&m.create, INIT, OP_MakeDevice, "/dev/tty", 020666U, 5U, 0U, 0U, 0U);
	encode_step(&m.create, INIT, OP_OpenConsole, 91U, 31U);
	machine_pivot_and_gate(&m);
	encode_step(&m.start, INIT, OP_NewSession);
	encode_step(&m.start, INIT, OP_AttachStreams, 1U);
	encode_step(&m.start, INIT, OP_SetIds, 1000U, 1000U);
	encode_step(&m.start, INIT, OP_ChangeDirectory, "/");
	encode_step(&m.start, INIT, OP_CloseDescriptors, 3U);
	encode_step(&m.start, INIT, OP_LoadSeccompAndExec,
		SH("tty; stat -c '%u %t' /dev/console; stty size; echo hi >/dev/tty; ls -1 /proc/self/fd"), ENV, "",
		(size_t)0, 0U, 0U);
	CHECK_EQUAL(machine_create(&m), 0);
	master = take_master(sockets[1]);
	CHECK(master >= 0);
	CHECK_EQUAL(machine_start(&m), 0);
	/* what the program wrote arrives a moment after its end */
	for (ssize_t n; poll(&(struct pollfd){.fd = master, .events = POLLIN}, 1, 5000) > 0 &&
			(n = read(master, m.said + size, sizeof m.said - 1 - size)) > 0;)
		size += (size_t)n;
	m.said[size] = 0;
	CHECK_STRING(m.said,
		"/dev/pts/0\r\n1000 88\r\n31 91\r\nhi\r\n0\r\n1\r\n2\r\n3\r\n"); /* 3 is the directory that ls reads */
	(void)close(master);
	(void)close(sockets[1]);
	machine_remove(&m);
}

/* A stepped plan waits for its permits; the helper raises the number on the page. */
static void steps_wait_for_permits(void)
{
	struct machine m;

	if (!made(&m))
		return;
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("true"));
	m.stepped = true;
	machine_spawn(&m);
	(void)usleep(50000);
	CHECK_EQUAL(m.context.page->records[0].state, RECORD_NONE);
	m.context.page->permits = 1 + 3;
	(void)usleep(100000);
	CHECK_EQUAL(m.context.page->records[2].state, RECORD_OK);
	CHECK_EQUAL(m.context.page->records[3].state, RECORD_NONE);
	m.context.page->permits = 1 + m.create.count + m.start.count;
	CHECK_EQUAL(machine_follow(&m), 0);
	CHECK_EQUAL(machine_start(&m), 0);
	machine_remove(&m);
}

int main(void)
{
	the_program_is_who_the_plan_says();
	root_keeps_what_is_bounded();
	a_filter_needs_no_no_new_privileges();
	a_filter_that_forbids_the_exec_is_reported();
	what_can_not_be_executed_is_reported();
	traps_are_told_where_they_are_certain();
	a_start_plan_must_be_sealed_and_fit();
	hooks_get_the_state_and_their_output_is_kept();
	hooks_that_fail_end_the_create();
	a_hook_that_floods_is_cut();
	a_hook_that_floods_without_end_runs_out_of_time();
	preserved_descriptors_stand_from_3_on();
	a_terminal_is_the_console();
	steps_wait_for_permits();
	return check_done();
}
