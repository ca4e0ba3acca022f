/* How the program is scheduled, where its memory lies, and which machine it believes to be on. In the container's cgroup
 * and session, with the capabilities that init has. */
#include "launcher.h"
#include "syscalls.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/personality.h>

#define PROCESS_GROUP 2	 /* IOPRIO_WHO_PGRP */
#define CLASS_SHIFT 13	 /* IOPRIO_CLASS_SHIFT */
#define MOST_NODES 4096u /* more than MAX_NUMNODES of any kernel */
#define BITS (8 * sizeof(unsigned long))

step_function step_set_scheduler, step_set_io_priority, step_set_personality, step_set_memory_policy;

/* struct sched_attr, version 1 (Linux 5.3) */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t clamp_min, clamp_max;
};

/* Whether the kernel shows the policy that was set; KEEP_POLICY and KEEP_PARAMS ask for what there was before. */
static bool scheduled(const struct attributes *wanted, const struct attributes *now)
{
	const uint64_t keep = 0x18; /* SCHED_FLAG_KEEP_POLICY | SCHED_FLAG_KEEP_PARAMS */

	if (wanted->flags & keep)
		return true;
	if (now->policy != wanted->policy || now->priority != wanted->priority)
		return false;
	return (wanted->policy != 0 && wanted->policy != 3) || now->nice == wanted->nice; /* SCHED_OTHER, SCHED_BATCH */
}

int step_set_scheduler(struct context *c, const struct step *s)
{
	struct attributes wanted = {.size = sizeof wanted, .policy = s->field[0].u, .nice = (int32_t)s->field[1].u};
	struct attributes now = {.size = sizeof now};

	wanted.priority = s->field[2].u;
	wanted.flags = s->field[3].q;
	wanted.runtime = s->field[4].q;
	wanted.deadline = s->field[5].q;
	wanted.period = s->field[6].q;
	if (syscall(SYS_sched_setattr, 0, &wanted, 0) < 0)
		return fail(c, -errno, "set scheduling policy %u with priority %d, nice %d", wanted.policy,
			(int)wanted.priority, wanted.nice);
	if (syscall(SYS_sched_getattr, 0, &now, sizeof now, 0) < 0)
		return fail(c, -errno, "read the scheduling policy back");
	if (!scheduled(&wanted, &now))
		return fail(c, -EPERM, "set scheduling policy %u: the kernel shows %u", wanted.policy, now.policy);
	return 0;
}

int step_set_io_priority(struct context *c, const struct step *s)
{
	unsigned priority = s->field[0].u << CLASS_SHIFT | s->field[1].u;
	long now;

	if (s->field[1].u > 7) /* newer kernels read more bits as hints */
		return fail(c, -EINVAL, "set I/O priority %u of class %u", s->field[1].u, s->field[0].u);
	/* 0 is our own group: init leads its session by now */
	if (syscall(SYS_ioprio_set, PROCESS_GROUP, 0, priority) < 0)
		return fail(c, -errno, "set I/O priority %u of class %u", s->field[1].u, s->field[0].u);
	now = syscall(SYS_ioprio_get, PROCESS_GROUP, 0);
	if (now != (long)priority)
		return fail(c, now < 0 ? -errno : -EPERM, "set I/O priority %x: the kernel shows %lx", priority, now);
	return 0;
}

int step_set_personality(struct context *c, const struct step *s)
{
	const unsigned long ask = 0xffffffff;

	if (personality(s->field[0].u) < 0)
		return fail(c, -errno, "set personality %x", s->field[0].u);
	if ((unsigned)personality(ask) != s->field[0].u)
		return fail(c, -EPERM, "set personality %x: the kernel shows another", s->field[0].u);
	return 0;
}

int step_set_memory_policy(struct context *c, const struct step *s)
{
	uint32_t mode = s->field[0].u | s->field[1].u, count = s->field[2].n.count;
	unsigned long *nodes = calloc(MOST_NODES / BITS, sizeof *nodes), most = 0;
	int r = 0, now;

	if (!nodes)
		return fail(c, -ENOMEM, "set a memory policy");
	for (uint32_t i = 0; i < count && r == 0; i++) {
		uint32_t node = s->field[2].n.at[i];

		if (node >= MOST_NODES) {
			r = -EINVAL;
			break;
		}
		nodes[node / BITS] |= 1UL << node % BITS;
		if (node + 1 > most)
			most = node + 1;
	}
	/* the kernel counts one less than it is told: set_mempolicy(2), BUGS */
	if (r == 0 && syscall(SYS_set_mempolicy, mode, count ? nodes : NULL, count ? most + 1 : 0) < 0)
		r = -errno;
	free(nodes);
	if (r < 0)
		return fail(c, r, "set memory policy %x on %u nodes", mode, count);
	if (syscall(SYS_get_mempolicy, &now, NULL, 0, NULL, 0) < 0)
		return fail(c, -errno, "read the memory policy back");
	if (count && (uint32_t)now != mode) /* without nodes the kernel may know the mode by another name */
		return fail(c, -EPERM, "set memory policy %x: the kernel shows %x", mode, (unsigned)now);
	return 0;
}
