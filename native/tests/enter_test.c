/* Programs that enter a container which is there, on the real kernel, as root. */
#include "check.h"
#include "machine.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define SH(script)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		"sh", "-c", script, NULL                                                                               \
	}

#define SAID(m, text) machine_said((m), (text), __LINE__)

/* In clock ticks since boot, as proc_pid_stat(5) has it; the name of our processes holds no space. */
static uint64_t start_of(int pid)
{
	unsigned long long ticks = 0;
	char path[32];
	FILE *file;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (file) {
		for (int field = 1; field < 22; field++)
			(void)!fscanf(file, "%*s");
		(void)!fscanf(file, "%llu", &ticks);
		(void)fclose(file);
	}
	return ticks;
}

static bool make_container(struct machine *m)
{
	if (!machine_make(m))
		return false;
	machine_usual_create(m, CLONE_NEWUTS | CLONE_NEWIPC);
	encode_step(&m->create, INIT, OP_SetHostname, "boat");
	machine_pivot_and_gate(m);
	machine_usual_start(m, SH("sleep 100"));
	return CHECK_EQUAL(machine_create(m), 0);
}

/* A create plan that enters the container, up to the gate. */
static void enter(struct machine *m, const struct machine *container, uint64_t ticks)
{
	uint64_t namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC;

	encode_step(&m->create, LAUNCHER, OP_OpenContainer, (uint32_t)container->init, ticks, 0U);
	encode_step(&m->create, LAUNCHER, OP_EnterContainer, namespaces);
	encode_step(&m->create, LAUNCHER, OP_CloneInit, (uint64_t)0, 0U);
	encode_step(&m->create, INIT, OP_TakeRoot);
	encode_step(&m->create, INIT, OP_Signal, (uint32_t)HELPER, 5U);
	encode_step(&m->create, HELPER, OP_RecordStatus, "created");
	encode_step(&m->create, INIT, OP_WaitGate);
}

static void a_program_lives_in_the_container_it_entered(void)
{
	struct machine container, m;

	if (!make_container(&container))
		return;
	if (machine_make(&m)) {
		enter(&m, &container, start_of(container.init));
		machine_usual_start(
			&m, SH("hostname; ls /; cat /proc/1/comm; echo pid $$; echo fds $(ls /proc/self/fd); exit 3"));
		if (CHECK_EQUAL(machine_create(&m), 0)) {
			CHECK_EQUAL(machine_record(&m, &m.create, OP_OpenContainer)->value, container.init);
			CHECK_EQUAL(machine_start(&m), 0);
			CHECK(WIFEXITED(m.status) && WEXITSTATUS(m.status) == 3);
			SAID(&m, "boat\nbin\ndev\netc\nproc\n");
			SAID(&m, "pid 2\nfds 0 1 2 3\n"); /* 3 is the directory that ls reads */
		} else {
			printf("%s\n", m.text);
		}
		machine_remove(&m);
	}
	machine_remove(&container);
}

/* The pid may be somebody else's by now. */
static void another_process_is_not_the_container(void)
{
	struct machine container, m;

	if (!make_container(&container))
		return;
	if (machine_make(&m)) {
		enter(&m, &container, start_of(container.init) + 1);
		machine_usual_start(&m, SH("echo entered"));
		CHECK_EQUAL(machine_create(&m), ESRCH);
		CHECK(strstr(m.text, "find the container's first process") != NULL);
		machine_remove(&m);
	}
	machine_remove(&container);
}

static void processors_are_chosen_or_the_error_is_said(void)
{
	static const uint32_t first[] = {0}, missing[] = {8000};
	struct machine container, m;

	if (!make_container(&container))
		return;
	if (machine_make(&m)) {
		encode_step(&m.create, LAUNCHER, OP_SetCpuAffinity, first, (size_t)1);
		enter(&m, &container, start_of(container.init));
		machine_usual_start(&m, SH("grep Cpus_allowed_list /proc/self/status"));
		if (CHECK_EQUAL(machine_create(&m), 0)) {
			CHECK_EQUAL(machine_start(&m), 0);
			SAID(&m, "Cpus_allowed_list:\t0\n");
		}
		machine_remove(&m);
	}
	if (machine_make(&m)) {
		encode_step(&m.create, LAUNCHER, OP_SetCpuAffinity, missing, (size_t)1);
		enter(&m, &container, start_of(container.init));
		machine_usual_start(&m, SH("true"));
		CHECK_EQUAL(machine_create(&m), EINVAL);
		CHECK(strstr(m.text, "run on 1 processors, the last of which is 8000") != NULL);
		machine_remove(&m);
	}
	machine_remove(&container);
}

int main(void)
{
	a_program_lives_in_the_container_it_entered();
	another_process_is_not_the_container();
	processors_are_chosen_or_the_error_is_said();
	return check_done();
}
