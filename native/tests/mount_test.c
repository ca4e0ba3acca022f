/* Mounts, and namespaces that are joined, on the real kernel as root. */
#include "check.h"
#include "machine.h"
#include "user_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SH(script)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		"sh", "-c", script, NULL                                                                               \
	}

#define SAID(m, text) machine_said((m), (text), __LINE__)
#define REFUSED(m, error, text) machine_refused((m), (error), (text), __LINE__)

static void tmpfs_on(struct machine *m, const char *target)
{
	encode_step(&m->create, INIT, OP_MountFilesystem, "tmpfs", "tmpfs", target, (uint64_t)0,
		(const char *const[]){"size=1m", NULL}, 0U);
}

static void runs(struct machine *m, const char *const *args, int line)
{
	machine_pivot_and_gate(m);
	machine_usual_start(m, args);
	if (check_equal(machine_create(m), 0, __FILE__, line, "create"))
		check_equal(machine_start(m), 0, __FILE__, line, "start");
	else
		printf("%s\n", m->text);
}

#define RUNS(m, script) runs((m), SH(script), __LINE__)

static void a_tmpfs_takes_over_what_it_covers(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_shell(&m,
		"mkdir -p $D/rootfs/data/deep/er && cd $D/rootfs/data && echo one >file && chown 5:6 file &&"
		"chmod 4751 file && touch -d 2001-02-03 file && ln file other && ln -s ../../../etc/passwd link &&"
		"mkfifo -m 640 fifo && mknod node c 1 3 && chmod 666 node && echo two >deep/er/file && chmod 1777 deep "
		"&& chmod 710 . &&"
		"chown 7:8 . && setfattr -n trusted.slipway -v kept file 2>/dev/null; true");
	machine_usual_create(&m, 0);
	tmpfs_on(&m, "/data");
	encode_step(&m.create, INIT, OP_CopyUp, "/data", 1U, 1U);
	RUNS(&m, "cd /data; stat -c '%n %A %u:%g %h %Y' . file other deep; cat file deep/er/file; readlink link;"
		 "stat -c '%n %F %a %t:%T' fifo node; echo more >file; cat other; mount | grep -c ' /data '");
	SAID(&m, ". drwx--x--- 7:8 3 ");
	SAID(&m, "file -rwsr-x--x 5:6 2 981158400\nother -rwsr-x--x 5:6 2 981158400\ndeep drwxrwxrwt 0:0 3 ");
	SAID(&m, "one\ntwo\n../../../etc/passwd\nfifo fifo 640 0:0\nnode character special file 666 1:3\n");
	SAID(&m, "more\n1\n");
	machine_shell(&m, "test \"$(cat $D/rootfs/data/file)\" = one"); /* the image keeps its own */
	machine_remove(&m);
}

static void what_does_not_fit_into_the_tmpfs_is_an_error_with_its_name(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_shell(&m, "mkdir -p $D/rootfs/data/a && head -c 2097152 /dev/zero >$D/rootfs/data/a/big");
	machine_usual_create(&m, 0);
	tmpfs_on(&m, "/data");
	encode_step(&m.create, INIT, OP_CopyUp, "/data", 1U, 1U);
	REFUSED(&m, ENOSPC, "copy '/data/a/big'");
}

/* Many files of two names each took a look at every earlier one, and a deep tree more descriptors than there may be. */
static void a_large_tree_is_copied_with_few_descriptors(void)
{
	struct rlimit limit;
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_shell(&m,
		"mkdir -p $D/rootfs/data && cd $D/rootfs/data && seq 5000 | sed 's/^/f/' | xargs touch &&"
		"mkdir x && cp -al f* x && p=d; for i in $(seq 200); do mkdir $p && cd $p; done; echo deep >file");
	machine_usual_create(&m, 0);
	tmpfs_on(&m, "/data");
	encode_step(&m.create, INIT, OP_CopyUp, "/data", 1U, 1U);
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	(void)setrlimit(RLIMIT_NOFILE, &(struct rlimit){500, limit.rlim_max});
	RUNS(&m, "cd /data; stat -c %h f1 x/f5000; while cd d 2>/dev/null; do :; done; cat file");
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	SAID(&m, "2\n2\ndeep\n");
	machine_remove(&m);
}

/* A magic link leads to what the launcher has open, or to where somebody else's root is. */
static void a_source_behind_a_magic_link_is_refused(void)
{
	static const char *const sources[] = {
		"/proc/self/fd/3", "/proc/self/root", "/proc/self/cwd", "/dev/stdin", "/proc/self/exe"};

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		struct machine m;
		char text[100];

		if (!machine_make(&m))
			return;
		(void)snprintf(text, sizeof text, "open bind source '%s'", sources[i]);
		machine_usual_create(&m, 0);
		encode_step(&m.create, INIT, OP_Bind, sources[i], "/mnt", 0U, (uint64_t)0, (uint64_t)0, (uint64_t)0,
			(uint64_t)0, 0U);
		REFUSED(&m, ELOOP, text);
		if (!machine_make(&m))
			return;
		encode_step(&m.create, LAUNCHER, OP_OpenSource, 0U, sources[i], 0U);
		machine_usual_create(&m, 0);
		REFUSED(&m, ELOOP, text);
	}
}

/* A mount below belongs to the container, not to the image. */
static void other_mounts_are_not_copied(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_shell(&m, "mkdir -p $D/rootfs/data/sub $D/rootfs/data/own && echo hidden >$D/rootfs/data/own/file");
	machine_usual_create(&m, 0);
	tmpfs_on(&m, "/data/sub");
	tmpfs_on(&m, "/data");
	encode_step(&m.create, INIT, OP_CopyUp, "/data", 1U, 1U);
	RUNS(&m, "ls -R /data");
	SAID(&m, "/data:\nown\n\n/data/own:\nfile\n");
	machine_remove(&m);
}

/* CVE-2019-16884 and its like: an image whose link leads a mount into a procfs. */
static void a_link_into_procfs_is_no_mount_point(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_shell(&m, "ln -s proc/sys $D/rootfs/data");
	machine_usual_create(&m, 0);
	tmpfs_on(&m, "/data");
	REFUSED(&m, ELOOP, "mount on '/data', which leads into a procfs");
}

static void a_filesystem_is_configured_anew(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_usual_create(&m, 0);
	tmpfs_on(&m, "/etc");
	encode_step(&m.create, INIT, OP_Reconfigure, "/etc", (const char *const[]){"size=3m", NULL});
	RUNS(&m, "mount | grep ' /etc '");
	SAID(&m, "size=3072k");
	machine_remove(&m);
	machine_make(&m);
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_Reconfigure, "/bin", (const char *const[]){"size=3m", NULL});
	REFUSED(&m, EINVAL, "find the filesystem mounted at '/bin'");
}

static void a_mount_with_ids_of_its_own(void)
{
	struct machine m;
	char source[100];

	if (!machine_make(&m))
		return;
	machine_shell(&m, "mkdir $D/source && echo x >$D/source/file && chown 5:6 $D/source/file");
	(void)snprintf(source, sizeof source, "%s/source", m.dir);
	encode_step(&m.create, LAUNCHER, OP_OpenSource, 0U, source, 0U);
	encode_step(&m.create, LAUNCHER, OP_IdMap, 0U, 0U, "", "0 7000 100\n", "0 8000 100\n");
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_MakeTarget, "/mnt", 2U, "#0");
	encode_step(&m.create, INIT, OP_Attach, 0U, "/mnt", (uint64_t)0, (uint64_t)0, (uint64_t)0, (uint64_t)0, 0U);
	RUNS(&m, "stat -c %u:%g /mnt/file");
	SAID(&m, "7005:8006\n");
	machine_remove(&m);
	machine_make(&m);
	encode_step(&m.create, LAUNCHER, OP_OpenSource, 0U, "/proc", 0U);
	encode_step(&m.create, LAUNCHER, OP_IdMap, 0U, 0U, "", "0 7000 100\n", "0 8000 100\n");
	machine_usual_create(&m, 0);
	REFUSED(&m, EINVAL, "map the ids of the mount, whose filesystem may not be able to");
	machine_make(&m);
	encode_step(&m.create, LAUNCHER, OP_OpenSource, 0U, "/tmp", 0U);
	encode_step(&m.create, LAUNCHER, OP_IdMap, 0U, 0U, "", "0 0 1\n0 5 1\n", "0 0 1\n");
	machine_usual_create(&m, 0);
	REFUSED(&m, EINVAL, "make a user namespace for the ids of the mount");
}

static void maps_are_compared_as_sets(void)
{
	AUTO_CLOSE int namespace = make_user_namespace("0 100000 10\n20 5 1\n", "0 0 4294967295\n");
	char found[256];
	bool same = false;

	if (geteuid() != 0)
		return;
	CHECK(namespace >= 0);
	CHECK_EQUAL(compare_map(namespace, "uid_map", "20 5 1\n0 100000 10\n", &same, found, sizeof found), 0);
	CHECK(same);
	CHECK(strstr(found, "100000") != NULL);
	CHECK_EQUAL(compare_map(namespace, "uid_map", "0 100000 10\n", &same, found, sizeof found), 0);
	CHECK(!same);
	CHECK_EQUAL(compare_map(namespace, "uid_map", "0 100000 10\n20 6 1\n", &same, found, sizeof found), 0);
	CHECK(!same);
	CHECK_EQUAL(compare_map(namespace, "uid_map", "0 100000 10\n20 5 1\nx", &same, found, sizeof found), 0);
	CHECK(!same);
	CHECK_EQUAL(compare_map(namespace, "gid_map", "0 0 4294967295\n", &same, found, sizeof found), 0);
	CHECK(same);
}

static int first_child(pid_t pid)
{
	char path[64], text[32] = "";
	AUTO_CLOSE int fd = -1;

	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 || read(fd, text, sizeof text - 1) <= 0 ? 0 : atoi(text);
}

/* The kernel forgets the parent-death signal of who enters a user namespace that is another user's. */
static void who_holds_a_namespace_of_somebody_else_ends_with_its_parent(void)
{
	char directory[] = "/tmp/slipway-fifo-XXXXXX", file[100], found[64];
	AUTO_CLOSE int namespace = -1;
	int ready[2], owner, parent, child = 0;
	bool same;

	if (geteuid() != 0)
		return;
	if (!CHECK(pipe2(ready, O_CLOEXEC) == 0) || !CHECK(mkdtemp(directory) != NULL))
		return;
	owner = fork();
	if (owner == 0) {
		if (setresuid(4711, 4711, 4711) < 0 || unshare(CLONE_NEWUSER) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		(void)pause();
		_exit(0);
	}
	CHECK_EQUAL(read(ready[0], found, 1), 1);
	(void)snprintf(file, sizeof file, "/proc/%d/ns/user", owner);
	namespace = open(file, O_RDONLY | O_CLOEXEC);
	CHECK(namespace >= 0);
	(void)snprintf(file, sizeof file, "%s/fifo", directory);
	CHECK_EQUAL(mkfifo(file, 0600), 0);
	(void)snprintf(file, sizeof file, "root%s/fifo", directory); /* opening it waits */
	parent = fork();
	if (parent == 0)
		_exit(compare_map(namespace, file, "", &same, found, sizeof found) != 0);
	for (int i = 0; i < 1000 && (child = first_child(parent)) == 0; i++)
		(void)usleep(10000);
	(void)usleep(200000); /* it has entered */
	CHECK(child > 0);
	(void)kill(parent, SIGKILL);
	(void)waitpid(parent, NULL, 0);
	for (int i = 0; i < 500 && child > 0 && kill(child, 0) == 0; i++)
		(void)usleep(10000);
	if (!CHECK(child > 0 && kill(child, 0) < 0))
		(void)kill(child, SIGKILL);
	(void)kill(owner, SIGKILL);
	(void)waitpid(owner, NULL, 0);
	(void)snprintf(file, sizeof file, "%s/fifo", directory);
	(void)unlink(file);
	(void)rmdir(directory);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

static void not_a_namespace(const char *path, uint32_t type, int error, const char *text, int line)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	encode_step(&m.create, LAUNCHER, OP_OpenNamespace, 0U, type, path);
	machine_refused(&m, error, text, line);
}

#define NOT_A_NAMESPACE(path, type, error, text) not_a_namespace((path), (uint32_t)(type), (error), (text), __LINE__)

static void what_is_not_the_namespace_that_is_asked_for(void)
{
	char fifo[] = "/tmp/slipway-fifo-XXXXXX";

	NOT_A_NAMESPACE("/proc/self/ns/uts", CLONE_NEWNET, EINVAL,
		"join '/proc/self/ns/uts' as a network namespace: it is a uts namespace");
	NOT_A_NAMESPACE("/etc/passwd", CLONE_NEWNET, EINVAL, "join '/etc/passwd', which is no namespace");
	NOT_A_NAMESPACE("/dev/null", CLONE_NEWUSER, EINVAL, "join '/dev/null', which is no namespace");
	NOT_A_NAMESPACE("/proc/self/ns/no", CLONE_NEWPID, ENOENT, "open namespace '/proc/self/ns/no'");
	NOT_A_NAMESPACE("/proc/self/ns/mnt", CLONE_NEWNS, EINVAL,
		"join '/proc/self/ns/mnt', the runtime's own mount namespace");
	if (CHECK(mkdtemp(fifo) != NULL)) {
		char path[64];

		(void)snprintf(path, sizeof path, "mkfifo %s/f", fifo);
		CHECK_EQUAL(system(path), 0);
		(void)snprintf(path, sizeof path, "%s/f", fifo);
		NOT_A_NAMESPACE(path, CLONE_NEWIPC, EINVAL, "which is no namespace"); /* and does not hang */
		(void)unlink(path);
		(void)rmdir(fifo);
	}
}

/* A remount that would clear what the host's mount forbids keeps that, and does the rest. */
static void flags_that_the_host_locked_stay(void)
{
	struct machine m;

	if (!machine_make(&m))
		return;
	machine_shell(&m, "chown -R 100000:100000 $D/rootfs && mount -t tmpfs -o ro,nosuid,nodev,noexec slipway-test "
			  "$D/rootfs/etc");
	m.id_map = "0 100000 1000";
	machine_clone(&m, CLONE_NEWUSER);
	encode_step(&m.create, INIT, OP_Await, (uint32_t)HELPER, 2U);
	encode_step(&m.create, INIT, OP_BecomeContainerRoot);
	machine_root(&m);
	encode_step(&m.create, INIT, OP_MakeTarget, "/proc", 0U, "");
	encode_step(&m.create, INIT, OP_MountFilesystem, "proc", "proc", "/proc", (uint64_t)0xe,
		(const char *const[]){NULL}, 0U);
	encode_step(&m.create, INIT, OP_ChangeAttributes, "/etc", (uint64_t)0x200000, (uint64_t)0x7f, 0U);
	RUNS(&m, "grep ' /etc ' /proc/self/mountinfo");
	SAID(&m, " /etc ro,nosuid,nodev,noexec,");
	SAID(&m, "nosymfollow");
	machine_shell(&m, "umount $D/rootfs/etc");
	machine_remove(&m);
}

int main(void)
{
	a_tmpfs_takes_over_what_it_covers();
	what_does_not_fit_into_the_tmpfs_is_an_error_with_its_name();
	a_large_tree_is_copied_with_few_descriptors();
	a_source_behind_a_magic_link_is_refused();
	other_mounts_are_not_copied();
	a_link_into_procfs_is_no_mount_point();
	a_filesystem_is_configured_anew();
	a_mount_with_ids_of_its_own();
	maps_are_compared_as_sets();
	who_holds_a_namespace_of_somebody_else_ends_with_its_parent();
	what_is_not_the_namespace_that_is_asked_for();
	flags_that_the_host_locked_stay();
	return check_done();
}
