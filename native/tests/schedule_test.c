/* Scheduling, memory policy, personality and labels, on the real kernel as root; what this kernel lacks, against a
 * directory that stands for its interface. */
#include "check.h"
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SAID(m, text) check_said((m), (text), __LINE__)

static void check_said(const struct machine *m, const char *text, int line)
{
	if (!check_result(strstr(m->said, text) != NULL, __FILE__, line, text))
		printf("it said: %s\n(%s)\n", m->said, m->text);
}

/* A machine whose start plan has a session and then waits for the step under test; false where that cannot be. */
static bool made(struct machine *m)
{
	if (!machine_make(m))
		return false;
	machine_usual_create(m, 0);
	machine_pivot_and_gate(m);
	encode_step(&m->start, INIT, OP_NewSession);
	return true;
}

/* Runs the step that was appended, and then a script. */
static void run(struct machine *m, const char *script, int error, int line)
{
	const char *const args[] = {"sh", "-c", script, NULL};
	int r;

	machine_usual_start(m, args);
	r = machine_create(m);
	if (!check_equal(r, 0, __FILE__, line, "create") ||
		!check_equal(machine_start(m), error, __FILE__, line, "start"))
		printf("%s\n", m->text);
}

#define RUN(m, script, error) run((m), (script), (error), __LINE__)

static void schedule(
	struct machine *m, uint32_t policy, int nice, int priority, uint64_t flags, uint64_t runtime, uint64_t deadline)
{
	encode_step(&m->start, INIT, OP_SetScheduler, policy, (uint32_t)nice, (uint32_t)priority, flags, runtime,
		deadline, deadline);
}

/* Fields 18, 19, 40 and 41 of stat: what the kernel makes of priority and nice, real-time priority, policy. */
#define STAT "set -- $(cat /proc/self/stat); echo nice ${19} rt ${40} policy ${41}"

/* SCHED-04. */
static void policies_reach_the_program(void)
{
	struct machine m;

	if (!made(&m))
		return;
	schedule(&m, SCHED_BATCH, 7, 0, 0, 0, 0);
	RUN(&m, STAT, 0);
	SAID(&m, "nice 7 rt 0 policy 3\n");
	machine_remove(&m);
	if (!made(&m))
		return;
	schedule(&m, SCHED_OTHER, -4, 0, 0, 0, 0);
	RUN(&m, STAT, 0);
	SAID(&m, "nice -4 rt 0 policy 0\n");
	machine_remove(&m);
	if (!made(&m))
		return;
	schedule(&m, SCHED_IDLE, 0, 0, 0, 0, 0);
	RUN(&m, STAT, 0);
	SAID(&m, "policy 5\n");
	machine_remove(&m);
}

/* A child does not inherit what SCHED_FLAG_RESET_ON_FORK (1) takes back: the shell itself is still real-time. */
static void real_time_and_its_flag_reach_the_program(void)
{
	struct sched_param mine = {.sched_priority = 1};
	struct machine m;

	if (sched_setscheduler(0, SCHED_RR, &mine) < 0) {
		printf("skipped: real-time policies, which the cgroup of the test has no time for\n");
		return;
	}
	mine.sched_priority = 0;
	CHECK_EQUAL(sched_setscheduler(0, SCHED_OTHER, &mine), 0);
	if (!made(&m))
		return;
	schedule(&m, SCHED_FIFO, 0, 42, 1, 0, 0);
	RUN(&m, "set -- $(cat /proc/1/stat); echo rt ${40} policy ${41}; " STAT, 0);
	SAID(&m, "rt 42 policy 1\n");
	SAID(&m, "nice 0 rt 0 policy 0\n");
	machine_remove(&m);
	if (!made(&m))
		return;
	schedule(&m, 6 /* SCHED_DEADLINE */, 0, 0, 1, 50000000, 100000000);
	RUN(&m, "set -- $(cat /proc/1/stat); echo policy ${41}", 0);
	SAID(&m, "policy 6\n");
	machine_remove(&m);
}

static void what_the_kernel_lacks_is_its_error(void)
{
	struct machine m;

	if (!made(&m))
		return;
	schedule(&m, 4 /* SCHED_ISO, which was never merged */, 0, 0, 0, 0, 0);
	RUN(&m, "true", EINVAL);
	CHECK_STRING(m.text, "set scheduling policy 4 with priority 0, nice 0");
	machine_remove(&m);
}

/* SCHED-06. */
static void io_priority_is_the_whole_groups(void)
{
	struct machine m;

	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetIoPriority, 2U, 6U);
	RUN(&m, "/bin/busybox ionice -p 1; /bin/busybox ionice -p $$; true | /bin/busybox ionice -p 1", 0);
	CHECK_STRING(m.said, "best-effort: prio 6\nbest-effort: prio 6\nbest-effort: prio 6\n");
	CHECK_EQUAL(syscall(SYS_ioprio_get, 1 /* IOPRIO_WHO_PROCESS */, 0) >> 13, 0); /* not ours */
	machine_remove(&m);
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetIoPriority, 3U, 0U);
	RUN(&m, "/bin/busybox ionice -p 1", 0);
	CHECK_STRING(m.said, "idle\n");
	machine_remove(&m);
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetIoPriority, 2U, 8U);
	RUN(&m, "true", EINVAL);
	machine_remove(&m);
}

/* PATH-07. */
static void the_machine_looks_like_32_bits(void)
{
	struct machine m;

	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetPersonality, 8U);
	RUN(&m, "/bin/busybox uname -m; cat /proc/self/personality", 0);
#ifdef __x86_64__
	SAID(&m, "i686\n00000008\n");
#else
	SAID(&m, "00000008\n");
#endif
	machine_remove(&m);
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetPersonality, 0U);
	RUN(&m, "cat /proc/self/personality", 0);
	SAID(&m, "00000000\n");
	machine_remove(&m);
}

/* MPOL-04. */
static void memory_comes_from_the_nodes(void)
{
	static const uint32_t zero[] = {0}, far[] = {1000}, beyond[] = {5000};
	struct machine m;

	if (syscall(SYS_get_mempolicy, NULL, NULL, 0, NULL, 0) < 0 && errno == ENOSYS) {
		if (!made(&m))
			return;
		encode_step(&m.start, INIT, OP_SetMemoryPolicy, 2U, 0U, zero, (size_t)1);
		RUN(&m, "true", ENOSYS);
		machine_remove(&m);
		printf("skipped: memory policies, which this kernel lacks\n");
		return;
	}
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetMemoryPolicy, 2U, 1U << 15, zero, (size_t)1);
	RUN(&m, "head -n 1 /proc/self/numa_maps", 0);
	SAID(&m, " bind=static:0 ");
	machine_remove(&m);
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetMemoryPolicy, 3U, 0U, zero, (size_t)1);
	RUN(&m, "head -n 1 /proc/self/numa_maps", 0);
	SAID(&m, " interleave:0 ");
	machine_remove(&m);
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetMemoryPolicy, 4U, 0U, zero, (size_t)0);
	RUN(&m, "head -n 1 /proc/self/numa_maps", 0);
	SAID(&m, " local ");
	machine_remove(&m);
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetMemoryPolicy, 2U, 0U, far, (size_t)1);
	RUN(&m, "true", EINVAL);
	CHECK_STRING(m.text, "set memory policy 2 on 1 nodes");
	machine_remove(&m);
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetMemoryPolicy, 2U, 0U, beyond, (size_t)1);
	RUN(&m, "true", EINVAL);
	machine_remove(&m);
}

/* A directory that stands for procfs, in which our own attributes are plain files. */
static int fake_proc(const struct machine *m, const char *files)
{
	char path[100], script[400];

	(void)snprintf(script, sizeof script,
		"mkdir -p $D/proc/4242 && ln -s 4242 $D/proc/self && cd $D/proc/4242 && %s", files);
	machine_shell(m, script);
	(void)snprintf(path, sizeof path, "%s/proc", m->dir);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void read_file(const struct machine *m, const char *name, char *ret_text, size_t size)
{
	char path[100];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/proc/4242/%s", m->dir, name);
	file = fopen(path, "re");
	ret_text[file ? fread(ret_text, 1, size - 1, file) : 0] = 0;
	if (file)
		(void)fclose(file);
}

static int step(struct context *c, enum operation operation, step_function *function, const char *text)
{
	struct encoded plan;
	struct plan decoded;
	int r;

	encode_begin(&plan, PLAN_START);
	encode_step(&plan, INIT, operation, text);
	r = plan_decode(plan.bytes, plan.size, &decoded);
	if (r == 0)
		r = function(c, &decoded.steps[0]);
	plan_close(&decoded);
	return r;
}

extern step_function step_set_apparmor_profile, step_set_selinux_label;

/* PROC-13, PROC-12. */
static void labels_go_to_the_modules_own_files(void)
{
	struct machine m;
	char text[100];

	if (!machine_make(&m))
		return;
	m.context.proc = fake_proc(&m, "mkdir -p attr/apparmor && touch attr/exec attr/apparmor/exec");
	CHECK_EQUAL(step(&m.context, OP_SetApparmorProfile, step_set_apparmor_profile, "box"), 0);
	read_file(&m, "attr/apparmor/exec", text, sizeof text);
	CHECK_STRING(text, "exec box");
	read_file(&m, "attr/exec", text, sizeof text);
	CHECK_STRING(text, "");
	CHECK_EQUAL(step(&m.context, OP_SetSelinuxLabel, step_set_selinux_label, "u:r:t:s0"), 0);
	read_file(&m, "attr/exec", text, sizeof text);
	CHECK_STRING(text, "u:r:t:s0");
	close_descriptor(&m.context.proc);
	machine_shell(&m, "rm -r $D/proc");

	/* a kernel before 5.1, or one whose only module is AppArmor */
	m.context.proc = fake_proc(&m, "mkdir attr && touch attr/exec");
	CHECK_EQUAL(step(&m.context, OP_SetApparmorProfile, step_set_apparmor_profile, "box"), 0);
	read_file(&m, "attr/exec", text, sizeof text);
	CHECK_STRING(text, "exec box");
	close_descriptor(&m.context.proc);
	machine_shell(&m, "rm -r $D/proc");

	/* what is no file of this procfs is refused: a link, or something that swallows the write (CVE-2019-16884) */
	m.context.proc = fake_proc(&m, "mkdir attr && ln -s /dev/null attr/exec");
	CHECK_EQUAL(step(&m.context, OP_SetSelinuxLabel, step_set_selinux_label, "u:r:t:s0"), -ELOOP);
	close_descriptor(&m.context.proc);
	machine_shell(&m, "rm -r $D/proc");
	m.context.proc = fake_proc(&m, "mkdir attr && mknod attr/exec c 1 3");
	CHECK_EQUAL(step(&m.context, OP_SetSelinuxLabel, step_set_selinux_label, "u:r:t:s0"), -EPERM);
	CHECK_STRING(m.context.text, "write '/proc/self/attr/exec': the kernel shows nothing");
	close_descriptor(&m.context.proc);
	machine_remove(&m);
}

/* The real module, where there is one: a profile that is not loaded, and one that forbids to read a file. */
static void a_profile_confines_the_program(void)
{
	struct machine m;

	if (access("/sys/module/apparmor/parameters/enabled", F_OK) < 0 ||
		system("apparmor_parser --version >/dev/null 2>&1") != 0) {
		printf("skipped: AppArmor, which this kernel does not have\n");
		return;
	}
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetApparmorProfile, "slipway-test-unloaded");
	RUN(&m, "true", ENOENT);
	machine_remove(&m);
	if (!made(&m))
		return;
	machine_shell(&m, "echo secret >$D/rootfs/etc/secret; echo open >$D/rootfs/etc/open;"
			  "echo 'profile slipway-test flags=(attach_disconnected) { file, deny /etc/secret r, }' |"
			  "apparmor_parser --replace");
	encode_step(&m.start, INIT, OP_SetApparmorProfile, "slipway-test");
	RUN(&m, "cat /proc/self/attr/current /etc/open; cat /etc/secret", 0);
	SAID(&m, "slipway-test (enforce)\nopen\n");
	CHECK(strstr(m.said, "secret\n") == NULL);
	SAID(&m, "Permission denied");
	machine_shell(&m, "echo 'profile slipway-test {}' | apparmor_parser --remove");
	machine_remove(&m);
}

static void a_module_that_is_not_there_is_an_error(void)
{
	struct machine m;

	if (access("/sys/fs/selinux/enforce", F_OK) == 0) {
		printf("skipped: a kernel without SELinux, which this one has\n");
		return;
	}
	if (!made(&m))
		return;
	encode_step(&m.start, INIT, OP_SetSelinuxLabel, "u:r:t:s0");
	machine_usual_start(&m, (const char *const[]){"true", NULL});
	CHECK_EQUAL(machine_create(&m), 0);
	CHECK(machine_start(&m) != 0);
	CHECK(strncmp(m.text, "write 'u:r:t:s0' to '/proc/self/attr/exec'", 42) == 0 ||
		strncmp(m.text, "open '/proc/self/attr/exec'", 27) == 0);
	machine_remove(&m);
}

/* PATH-06. */
static void a_mount_without_an_option_is_labelled_by_attribute(void)
{
	struct machine m;
	char path[64], label[32] = "";

	if (!machine_make(&m))
		return;
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_LabelMount, "/dev", "u:o:t:s0");
	machine_pivot_and_gate(&m);
	machine_usual_start(&m, (const char *const[]){"true", NULL});
	CHECK_EQUAL(machine_create(&m), 0);
	(void)snprintf(path, sizeof path, "/proc/%d/root/dev", m.init);
	CHECK_EQUAL(getxattr(path, "security.selinux", label, sizeof label), 9);
	CHECK_STRING(label, "u:o:t:s0");
	CHECK_EQUAL(machine_start(&m), 0);
	machine_remove(&m);
	if (!machine_make(&m))
		return;
	machine_usual_create(&m, 0);
	encode_step(&m.create, INIT, OP_LabelMount, "/nowhere", "u:o:t:s0");
	CHECK_EQUAL(machine_create(&m), ENOENT);
	CHECK_STRING(m.text, "open '/nowhere'");
	machine_remove(&m);
}

int main(void)
{
	policies_reach_the_program();
	real_time_and_its_flag_reach_the_program();
	what_the_kernel_lacks_is_its_error();
	io_priority_is_the_whole_groups();
	the_machine_looks_like_32_bits();
	memory_comes_from_the_nodes();
	labels_go_to_the_modules_own_files();
	a_profile_confines_the_program();
	a_module_that_is_not_there_is_an_error();
	a_mount_without_an_option_is_labelled_by_attribute();
	return check_done();
}
