/* Runs inside a container and prints what the kernel says of the process, in words that a test can compare: one argument
 * a question. Tests of the helper build it statically and put it into the root filesystem. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

struct attributes { /* struct sched_attr */
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t clamp_min, clamp_max;
};

static void clocks(void)
{
	static const clockid_t ids[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};
	static const char *const names[] = {"realtime", "monotonic", "boottime"};

	for (int i = 0; i < 3; i++) {
		struct timespec now;

		(void)clock_gettime(ids[i], &now);
		printf("%s %lld\n", names[i], (long long)now.tv_sec);
	}
}

static void limits(void)
{
	for (int i = 0; i < 16; i++) {
		struct rlimit limit;

		(void)getrlimit(i, &limit);
		printf("limit %d %llu %llu\n", i, (unsigned long long)limit.rlim_cur,
			(unsigned long long)limit.rlim_max);
	}
}

static void scheduler(void)
{
	struct attributes now = {.size = sizeof now};

	if (syscall(SYS_sched_getattr, 0, &now, sizeof now, 0) < 0)
		printf("scheduler %s\n", strerror(errno));
	else
		printf("scheduler policy %u flags %llu nice %d priority %u runtime %llu deadline %llu period %llu\n",
			now.policy, (unsigned long long)now.flags, now.nice, now.priority,
			(unsigned long long)now.runtime, (unsigned long long)now.deadline,
			(unsigned long long)now.period);
}

static void memory(void)
{
	unsigned long nodes[64] = {0};
	int mode;

	if (syscall(SYS_get_mempolicy, &mode, nodes, 8 * sizeof nodes, NULL, 0) < 0)
		printf("memory %s\n", strerror(errno));
	else
		printf("memory mode %d nodes %lx\n", mode, nodes[0]);
}

static void answer(const char *question)
{
	struct utsname names;

	if (strcmp(question, "clocks") == 0)
		clocks();
	else if (strcmp(question, "limits") == 0)
		limits();
	else if (strcmp(question, "scheduler") == 0)
		scheduler();
	else if (strcmp(question, "memory") == 0)
		memory();
	else if (strcmp(question, "io") == 0)
		printf("io %lx\n", syscall(SYS_ioprio_get, 2 /* IOPRIO_WHO_PGRP */, 0));
	else if (strcmp(question, "effective") == 0)
		printf("effective %u %u\n", geteuid(), getegid());
	else if (strcmp(question, "session") == 0)
		printf("session %d of %d\n", getsid(0), getpid());
	else if (strcmp(question, "machine") == 0)
		printf("machine %s\n", uname(&names) < 0 ? "?" : names.machine);
	else
		printf("%s?\n", question);
}

int main(int count, char **arguments)
{
	for (int i = 1; i < count; i++)
		answer(arguments[i]);
	return 0;
}
