/* Plans through launcher, init, gate and program on the real kernel, as root. */
#include "check.h"
#include "machine.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define SH(script)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		"sh", "-c", script, NULL                                                                               \
	}

/* Whether what the program wrote has that in it. */
#define SAID(m, text) check_said((m), (text), __LINE__)

static void check_said(const struct machine *m, const char *text, int line)
{
	if (!check_result(strstr(m->said, text) != NULL, __FILE__, line, text))
		printf("it said: %s\n(%s)\n", m->said, m->text);
}

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
	encode_step(&m.create, INIT, OP_Await, (uint32_t)HELPER, 2U);
	encode_step(&m.create, INIT, OP_BecomeContainerRoot);
	encode_step(&m.create, INIT, OP_Signal, (uint32_t)LAUNCHER, 3U);
	encode_step(&m.create, LAUNCHER, OP_Await, (uint32_t)INIT, 3U);
	encode_step(&m.create, LAUNCHER, OP_IdMap, 0U, 0U);
	encode_step(&m.create, LAUNCHER, OP_Signal, (uint32_t)INIT, 4U);
	encode_step(&m.create, INIT, OP_Await, (uint32_t)LAUNCHER, 4U);
	machine_root(&m);
	encode_step(&m.create, INIT, OP_MakeTarget, "/mnt", 2U, "#0");
	encode_step(&m.create, INIT, OP_Attach, 0U, "/mnt", (uint64_t)1, (uint64_t)0, (uint64_t)0, (uint64_t)0, 0U);
	machine_proc_and_dev(&m);
	encode_step(&m.create, INIT, OP_BindDevice, "/dev/null", "/dev/null", 1U, 3U);
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

int main(void)
{
	a_program_runs_in_its_own_namespaces();
	root_of_a_user_namespace_gets_sources_from_the_launcher();
	return check_done();
}
