/* Exec: a further process enters a container that is there. The launcher does it, so that the process is born inside; what
 * the kernel would then forbid to the clone (user and cgroup namespace) the process enters itself, first thing. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define START_TIME 22 /* the field of proc_pid_stat(5) */
#define LARGEST_STAT 4096

step_function step_open_container, step_enter_container, step_take_root, step_set_cpu_affinity;

/* The start time of a process in clock ticks since boot. Its name, in parentheses, may hold anything. */
static int start_time_of(uint32_t pid, uint64_t *ret_ticks)
{
	char path[32], text[LARGEST_STAT];
	AUTO_CLOSE int fd = -1;
	char *at, *end;
	ssize_t n;

	(void)snprintf(path, sizeof path, "/proc/%u/stat", pid);
	fd = open_host(path, O_RDONLY);
	if (fd < 0)
		return fd == -ENOENT ? -ESRCH : fd;
	n = read(fd, text, sizeof text - 1);
	if (n < 0)
		return -errno;
	text[n] = 0;
	at = strrchr(text, ')');
	for (int field = 2; at && field < START_TIME; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return -EBADMSG;
	*ret_ticks = strtoull(at + 1, &end, 10);
	return end == at + 1 ? -EBADMSG : 0;
}

int step_open_container(struct context *c, const struct step *s)
{
	uint32_t pid = s->field[0].u;
	uint64_t ticks = 0;
	int r;

	c->container = sys_pidfd_open((int)pid);
	if (c->container < 0)
		return fail(c, -errno, "open a pidfd of process %u", pid);
	/* after the pidfd: if it matches now, the pidfd is that process's, and so is all that was opened by its pid before */
	r = start_time_of(pid, &ticks);
	if (r == 0 && ticks != s->field[1].q)
		r = -ESRCH;
	if (r < 0)
		return fail(c, r, "find the container's first process, %u", pid);
	if (s->field[2].u) {
		c->proc = open_host("/proc", O_PATH | O_DIRECTORY);
		if (c->proc < 0)
			return fail(c, c->proc, "open '/proc'");
	}
	/* what leads to the host's files does not go in: the page is mapped, and there are no hooks */
	close_descriptor(&c->state_dir);
	close_descriptor(&c->hooks);
	c->value = pid;
	return 0;
}

int step_enter_container(struct context *c, const struct step *s)
{
	if (c->container < 0)
		return fail(c, -EBADF, "enter a container that was not opened");
	if (setns(c->container, (int)s->field[0].q) < 0)
		return fail(c, -errno, "enter the container's namespaces %llx", (unsigned long long)s->field[0].q);
	(void)prctl(
		PR_SET_DUMPABLE, 0, 0, 0, 0); /* new rights in a user namespace set it to what fs.suid_dumpable says */
	return 0;
}

/* Who has entered a mount namespace stands at its root. */
int step_take_root(struct context *c, const struct step *s)
{
	(void)s;
	close_descriptor(&c->container);
	c->root = open_host("/", O_PATH | O_DIRECTORY);
	if (c->root < 0)
		return fail(c, c->root, "open the root of the container");
	c->pivoted = true;
	return 0;
}

int step_set_cpu_affinity(struct context *c, const struct step *s)
{
	const uint32_t *processors = s->field[0].n.at;
	uint32_t count = s->field[0].n.count, most = 0;
	cpu_set_t *set;
	size_t size;
	int r;

	for (uint32_t i = 0; i < count; i++)
		most = processors[i] > most ? processors[i] : most;
	if (count == 0 || most >= 8192)
		return fail(c, -EINVAL, "run on %u processors up to %u", count, most);
	set = CPU_ALLOC(most + 1);
	if (!set)
		return fail(c, -ENOMEM, "run on %u processors", count);
	size = CPU_ALLOC_SIZE(most + 1);
	CPU_ZERO_S(size, set);
	for (uint32_t i = 0; i < count; i++)
		CPU_SET_S(processors[i], size, set);
	r = sched_setaffinity(0, size, set) < 0 ? -errno : 0;
	CPU_FREE(set);
	return r < 0 ? fail(c, r, "run on %u processors, the last of which is %u", count, most) : 0;
}
