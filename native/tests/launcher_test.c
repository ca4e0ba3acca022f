/* Plans through launcher, init, gate and program on the real kernel, as root. */
#include "check.h"
#include "machine.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define SH(script)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		"sh", "-c", script, NULL                                                                               \
	}

#define SAID(m, text) machine_said((m), (text), __LINE__)
#define REFUSED(m, error, text) machine_refused((m), (error), (text), __LINE__)

static void a_program_runs_in_its_own_namespaces(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_usual_create(&m, CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET);
	encode_step(&m.create, INIT, OP_SetHostname, "boat");
	encode_step(&m.create, INIT, OP_BringUpLoopback);
	encode_step(&m.create, INIT, OP_NewCgroupNamespace);
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("hostname; echo $$ $HOME; ls /; cat /proc/self/cgroup | grep -c ':/$'; "
				   "echo fds $(ls /proc/self/fd); exit 7"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		for (int i = 0; i < 1000 && m.context.page->phase != PHASE_AT_GATE; i++)
			(void)usleep(1000); /* it is set just after the last signal */
		CHECK_EQUAL(m.context.page->phase, PHASE_AT_GATE);
		CHECK_EQUAL(m.context.page->init, m.init);
		CHECK_EQUAL(machine_record(&m, &m.create, OP_CloneInit)->value, m.init);
		CHECK_EQUAL(machine_record(&m, &m.create, OP_PivotRoot)->state, RECORD_OK);
		CHECK_EQUAL(machine_record(&m, &m.create, OP_RecordStatus)->state, RECORD_NONE);
		CHECK_EQUAL(machine_start(&m), 0);
		CHECK(WIFEXITED(m.status) && WEXITSTATUS(m.status) == 7);
		SAID(&m, "boat\n1 /\nbin\ndev\netc\nproc\n");
		SAID(&m, "fds 0 1 2 3\n"); /* 3 is the directory that ls reads */
		CHECK_EQUAL(machine_record(&m, &m.start, OP_LoadSeccompAndExec)->state, RECORD_STARTED);
	}
	machine_remove(&m);
}

static void root_of_a_user_namespace_gets_sources_from_the_launcher(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	/* what root of the container could not reach: a directory that only root of the host may enter */
	machine_shell(&m,
		"chown -R 100000:100000 $D/rootfs; mkdir -p $D/secret/source; echo treasure >$D/secret/source/file;"
		"chown 5:5 $D/secret/source/file; chmod 700 $D/secret");
	char source[100];
	(void)snprintf(source, sizeof source, "%s/secret/source", m.dir);
	m.id_map = "0 100000 1000";
	machine_clone(&m, CLONE_NEWUSER);
	encode_step(&m.create, LAUNCHER, OP_OpenSource, 0U, source, 0U);
	encode_step(&m.create, LAUNCHER, OP_OpenDevice, 1U, "/dev/null", 1U, 3U);
	encode_step(&m.create, INIT, OP_Await, (uint32_t)HELPER, 2U);
	encode_step(&m.create, INIT, OP_BecomeContainerRoot);
	encode_step(&m.create, INIT, OP_Signal, (uint32_t)LAUNCHER, 3U);
	encode_step(&m.create, LAUNCHER, OP_Await, (uint32_t)INIT, 3U);
	encode_step(&m.create, LAUNCHER, OP_IdMap, 0U, 0U, "", "", "");
	encode_step(&m.create, LAUNCHER, OP_Signal, (uint32_t)INIT, 4U);
	encode_step(&m.create, INIT, OP_Await, (uint32_t)LAUNCHER, 4U);
	machine_root(&m);
	encode_step(&m.create, INIT, OP_MakeTarget, "/mnt", 2U, "#0");
	encode_step(&m.create, INIT, OP_Attach, 0U, "/mnt", (uint64_t)1, (uint64_t)0, (uint64_t)0, (uint64_t)0, 0U);
	machine_proc_and_dev(&m);
	encode_step(&m.create, INIT, OP_MakeTarget, "/dev/null", 1U, "");
	encode_step(
		&m.create, INIT, OP_Attach, 1U, "/dev/null", (uint64_t)0, (uint64_t)0, (uint64_t)0, (uint64_t)0, 0U);
	encode_step(&m.create, INIT, OP_MaskPath, "/proc/timer_list");
	encode_step(&m.create, INIT, OP_SetOomScoreAdj, 100U);
	machine_pivot_and_gate(&m);
	machine_usual_start(
		&m, SH("id -u; cat /proc/self/uid_map /mnt/file /proc/self/oom_score_adj; stat -c '%u:%g %F' "
		       "/mnt/file /dev/null; echo x >/mnt/file"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, "0\n         0     100000       1000\ntreasure\n100\n");
		SAID(&m, "5:5 regular file\n65534:65534 character special file\n");
		SAID(&m, "can't create /mnt/file: Read-only file system");
	} else {
		printf("%s\n", m.text);
	}
	machine_remove(&m);
}

static void what_is_wrong_with_a_mount_is_said(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_MakeTarget, "/data", 2U, "/nonexistent/source");
	REFUSED(&m, ENOENT, "open bind source '/nonexistent/source'");
	machine_make(&m);
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_MountFilesystem, "tmpfs", "tmpfs", "/etc", (uint64_t)0,
		(const char *const[]){"size=large", NULL}, 0U);
	REFUSED(&m, EINVAL, "set mount option 'size=large': tmpfs: Bad value for 'size'");
	machine_make(&m);
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_MountFilesystem, "nosuchfs", "", "/etc", (uint64_t)0,
		(const char *const[]){NULL}, 0U);
	REFUSED(&m, ENODEV, "open filesystem type 'nosuchfs'");
	machine_make(&m);
	machine_clone(&m, 0);
	encode_step(&m.create, INIT, OP_AttachRoot, "/nonexistent/rootfs", 1U);
	REFUSED(&m, ENOENT, "open the root filesystem '/nonexistent/rootfs'");
	machine_make(&m);
	machine_usual_create(&m, 0);
	encode_step(
		&m.create, INIT, OP_ProbeProgram, "nosuchprogram", (const char *const[]){"PATH=/bin:/sbin", NULL}, "/");
	REFUSED(&m, ENOENT, "find program 'nosuchprogram'");
	machine_make(&m);
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_ProbeProgram, "/etc", (const char *const[]){NULL}, "/");
	REFUSED(&m, EACCES, "find program '/etc'");
}

/* Every place that a plan names is a link out of the root: nothing on the host changes (CVE-2026-41579 and its like). */
static void links_of_the_image_do_not_lead_out(void)
{
	struct machine m;
	char link[100];

	if (!machine_make(&m))
		return;
	machine_shell(&m, "mkdir $D/host && ln -s $D/host $D/rootfs/dev && ln -s ../../../..$D/host $D/rootfs/etc/out");
	(void)snprintf(link, sizeof link, "%s/host", m.dir);
	machine_clone(&m, 0);
	machine_root(&m);
	/* links that lead nowhere inside are no place to make anything in */
	encode_step(&m.create, INIT, OP_MakeTarget, "/dev/pts", 0U, "");
	REFUSED(&m, ENOTDIR, "make mount point '/dev/pts'");
	machine_make(&m);
	machine_shell(&m, "mkdir $D/host && ln -s $D/host $D/rootfs/dev && mkdir -p $D/rootfs/$D/host");
	machine_clone(&m, 0);
	machine_root(&m);
	encode_step(&m.create, INIT, OP_MakeDevice, "/dev/null", 020666U, 1U, 3U, 0U, 0U);
	encode_step(&m.create, INIT, OP_MakeLink, "pts/ptmx", "/dev/ptmx", "");
	encode_step(&m.create, INIT, OP_MakeTarget, "/dev/./shm/", 0U, "");
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, (const char *const[]){"sh", "-c", "ls /dev/", NULL});
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, "null\nptmx\nshm\n"); /* it went to the place inside that has the same name */
		machine_shell(&m, "test -z \"$(ls $D/host)\"");
	}
	machine_remove(&m);
	machine_make(&m);
	machine_shell(&m, "mkdir $D/rootfs/elsewhere && ln -s elsewhere $D/rootfs/proc");
	machine_clone(&m, 0);
	machine_root(&m);
	encode_step(&m.create, INIT, OP_MountFilesystem, "proc", "proc", "/proc", (uint64_t)0xe,
		(const char *const[]){NULL}, 0U);
	REFUSED(&m, ELOOP, "open mount point '/proc'");
}

static void paths_are_masked_and_read_only(bool old_kernel)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	m.context.no_detached_copies = old_kernel;
	machine_shell(&m,
		"echo secret >$D/rootfs/etc/shadow; echo one >$D/rootfs/etc/one; mkdir $D/rootfs/etc/d $D/rootfs/etc/e;"
		"echo x >$D/rootfs/etc/d/x; echo x >$D/rootfs/etc/e/x; ln -s /etc/shadow $D/rootfs/etc/link");
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_PivotRoot, m.rootfs);
	encode_step(&m.create, INIT, OP_ReadonlyPath, "/proc/sys");
	encode_step(&m.create, INIT, OP_ReadonlyPath, "/proc/nosuch");
	encode_step(&m.create, INIT, OP_MaskPath, "/etc/shadow");
	encode_step(&m.create, INIT, OP_MaskPath, "/etc/one");
	encode_step(&m.create, INIT, OP_MaskPath, "/etc/d");
	encode_step(&m.create, INIT, OP_MaskPath, "/etc/e");
	encode_step(&m.create, INIT, OP_MaskPath, "/etc/nosuch");
	encode_step(&m.create, INIT, OP_ChangeAttributes, "/", (uint64_t)1, (uint64_t)0, 0U);
	encode_step(&m.create, INIT, OP_Signal, (uint32_t)HELPER, 5U);
	encode_step(&m.create, INIT, OP_WaitGate);
	machine_usual_start(
		&m, SH("cat /etc/shadow /etc/one /etc/link; ls /etc/d /etc/e; echo > /etc/shadow; echo >/etc/d/y;"
		       "echo x >/proc/sys/kernel/domainname; echo x >/new; echo x >/dev/new && echo fine"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_record(&m, &m.create, OP_MaskPath)->state, RECORD_OK);
		CHECK_EQUAL(machine_start(&m), 0);
		CHECK_STRING(m.said, "/etc/d:\n\n/etc/e:\n"
				     "sh: can't create /etc/shadow: Read-only file system\n"
				     "sh: can't create /etc/d/y: Read-only file system\n"
				     "sh: can't create /proc/sys/kernel/domainname: Read-only file system\n"
				     "sh: can't create /new: Read-only file system\nfine\n");
	} else {
		printf("%s\n", m.text);
	}
	machine_remove(&m);
}

static void the_host_sees_nothing_of_the_mounts(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_shell(&m, "cat /proc/self/mountinfo >$D/before");
	machine_usual_create(&m, 0);
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("cat /proc/self/mountinfo | wc -l"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		machine_shell(&m, "cat /proc/self/mountinfo | cmp - $D/before");
		CHECK_EQUAL(machine_start(&m), 0);
		CHECK_STRING(m.said, "4\n"); /* the root, /proc, /dev, /dev/pts: nothing of the host is left */
	}
	machine_remove(&m);
}

static void the_end_of_the_helper_before_the_gate_is_abort(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_Signal, (uint32_t)HELPER, 5U);
	encode_step(&m.create, INIT, OP_Await, (uint32_t)HELPER, 6U);
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("true"));
	if (CHECK_EQUAL(machine_create(&m), 0)) { /* init waits for barrier 6 */
		close_descriptor(&m.control);
		m.control = -1;
		machine_wait(&m);
		CHECK(WIFEXITED(m.status) && WEXITSTATUS(m.status) == 1);
		CHECK_EQUAL(m.context.page->phase, PHASE_SETTING_UP); /* nothing failed */
	}
	machine_remove(&m);
}

static void clocks_are_set_back(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_clone(&m, 0);
	encode_step(&m.create, INIT, OP_SetTimeOffsets, "boottime 1000000 0\nmonotonic 1000000 0\n");
	machine_root(&m);
	machine_proc_and_dev(&m);
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("read up rest </proc/uptime; [ ${up%.*} -ge 1000000 ] && echo ahead"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), 0);
		CHECK_STRING(m.said, "ahead\n");
	} else {
		printf("%s\n", m.text);
	}
	machine_remove(&m);
}

static void sysctls_are_written_in_the_namespaces_of_init(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_usual_create(&m, CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS);
	encode_step(&m.create, INIT, OP_WriteSysctl, "net/ipv4/ip_default_ttl", "77", (uint32_t)CLONE_NEWNET);
	encode_step(&m.create, INIT, OP_WriteSysctl, "kernel/msgmax", "12345", (uint32_t)CLONE_NEWIPC);
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), 0);
		CHECK_STRING(m.said, "77\n12345\n");
	} else {
		printf("%s\n", m.text);
	}
	machine_shell(&m, "grep -qvx 77 /proc/sys/net/ipv4/ip_default_ttl");
	machine_remove(&m);
	machine_make(&m);
	machine_usual_create(&m, CLONE_NEWNET);
	encode_step(&m.create, INIT, OP_WriteSysctl, "../self/comm", "x", (uint32_t)CLONE_NEWNET);
	REFUSED(&m, EXDEV, "open '/proc/sys/../self/comm'");
}

/* The program is in its cgroups before it begins, and sees them as roots. With a limit of one process nothing else may
 * have been in there. */
static void init_enters_its_cgroups_itself(void)
{
	struct machine m;

	if (access("/sys/fs/cgroup/pids/tasks", F_OK) < 0 || access("/sys/fs/cgroup/unified/cgroup.procs", F_OK) < 0) {
		printf("skipped: cgroups of a hybrid machine, which needs /sys/fs/cgroup/{pids,unified}\n");
		return;
	}
	if (!machine_make(&m))
		return;
	machine_shell(&m, "cd /sys/fs/cgroup && mkdir -p pids/slipway-test unified/slipway-test && echo 1 "
			  ">pids/slipway-test/pids.max");
	encode_step(&m.create, LAUNCHER, OP_OpenCgroup, 0U, "/sys/fs/cgroup/pids/slipway-test/tasks");
	encode_step(&m.create, LAUNCHER, OP_OpenCgroup, 1U, "/sys/fs/cgroup/unified/slipway-test");
	encode_step(&m.create, LAUNCHER, OP_CloneInit, (uint64_t)(CLONE_NEWNS | CLONE_NEWPID), 2U);
	encode_step(&m.create, INIT, OP_EnterCgroup, 0U);
	encode_step(&m.create, INIT, OP_NewCgroupNamespace);
	machine_root(&m);
	machine_proc_and_dev(&m);
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, (const char *const[]){"cat", "/proc/self/cgroup", NULL});
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		machine_shell(&m, "[ $(wc -l </sys/fs/cgroup/pids/slipway-test/tasks) = 1 ] &&"
				  "[ $(wc -l </sys/fs/cgroup/unified/slipway-test/cgroup.procs) = 1 ]");
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, ":pids:/\n");
		SAID(&m, "0::/\n");
	} else {
		printf("%s\n", m.text);
	}
	machine_remove(&m);
	CHECK(system("cd /sys/fs/cgroup && rmdir pids/slipway-test unified/slipway-test") == 0);
	machine_make(&m);
	encode_step(&m.create, LAUNCHER, OP_OpenCgroup, 0U, "/dev/null");
	REFUSED(&m, EMEDIUMTYPE, "open '/dev/null', which is on no cgroup filesystem");
}

static void namespaces_are_joined_by_path(void)
{
	struct machine m;
	char net[64], uts[64], command[200];
	int ready[2];
	pid_t owner;

	CHECK_EQUAL(pipe(ready), 0);
	owner = fork();
	if (owner == 0) {
		if (unshare(CLONE_NEWNET | CLONE_NEWUTS) < 0 || sethostname("shared", 6) < 0)
			_exit(1);
		(void)close(ready[1]);
		(void)pause();
		_exit(0);
	}
	(void)close(ready[1]);
	CHECK_EQUAL(read(ready[0], net, 1), 0); /* its end: unshared */
	(void)close(ready[0]);
	(void)snprintf(net, sizeof net, "/proc/%d/ns/net", (int)owner);
	(void)snprintf(uts, sizeof uts, "/proc/%d/ns/uts", (int)owner);
	if (!machine_make(&m)) { /* only now: the owner must not hold the streams open */
		(void)kill(owner, SIGKILL);
		return;
	}
	encode_step(&m.create, LAUNCHER, OP_OpenNamespace, 0U, (uint32_t)CLONE_NEWNET, net);
	encode_step(&m.create, LAUNCHER, OP_OpenNamespace, 1U, (uint32_t)CLONE_NEWUTS, uts);
	encode_step(&m.create, LAUNCHER, OP_OpenNamespace, 2U, (uint32_t)CLONE_NEWIPC, "/proc/self/ns/ipc");
	encode_step(&m.create, LAUNCHER, OP_JoinNamespace, (uint32_t)CLONE_NEWNET, net, 0U);
	encode_step(&m.create, LAUNCHER, OP_JoinNamespace, (uint32_t)CLONE_NEWUTS, uts, 1U);
	encode_step(&m.create, LAUNCHER, OP_JoinNamespace, (uint32_t)CLONE_NEWIPC, "", 2U);
	machine_usual_create(&m, 0);
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, SH("hostname; readlink /proc/self/ns/net"));
	if (CHECK_EQUAL(machine_create(&m), 0)) {
		CHECK_EQUAL(machine_start(&m), 0);
		SAID(&m, "shared\nnet:[");
		(void)snprintf(command, sizeof command, "net:[%llu]",
			(unsigned long long)machine_record(&m, &m.create, OP_JoinNamespace)->value);
		SAID(&m, command);
	}
	(void)kill(owner, SIGKILL);
	machine_remove(&m);
}

int main(void)
{
	a_program_runs_in_its_own_namespaces();
	root_of_a_user_namespace_gets_sources_from_the_launcher();
	what_is_wrong_with_a_mount_is_said();
	links_of_the_image_do_not_lead_out();
	paths_are_masked_and_read_only(false);
	paths_are_masked_and_read_only(true);
	the_host_sees_nothing_of_the_mounts();
	the_end_of_the_helper_before_the_gate_is_abort();
	clocks_are_set_back();
	sysctls_are_written_in_the_namespaces_of_init();
	init_enters_its_cgroups_itself();
	namespaces_are_joined_by_path();
	return check_done();
}
