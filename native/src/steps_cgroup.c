/* Cgroups: the launcher opens them with the host's rights, init enters, before anything of the container runs. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <sched.h>
#include <sys/vfs.h>

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#define CGROUP_V1_MAGIC 0x27e0eb
#define CGROUP_V2_MAGIC 0x63677270

step_function step_open_cgroup, step_enter_cgroup, step_new_cgroup_namespace;

int step_open_cgroup(struct context *c, const struct step *s)
{
	uint32_t slot = s->field[0].u;
	const char *path = s->field[1].s;
	struct statfs about;
	int fd;

	if (slot >= MAX_CGROUPS || c->cgroups[slot] >= 0)
		return fail(c, -EINVAL, "open '%s' as cgroup %u", path, slot);
	fd = open_host(path, O_WRONLY | O_NOFOLLOW); /* v1: the file tasks */
	if (fd == -EISDIR)
		fd = open_host(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	if (fd < 0)
		return fail(c, fd, "open cgroup '%s'", path);
	if (fstatfs(fd, &about) < 0 || (about.f_type != CGROUP_V1_MAGIC && about.f_type != CGROUP_V2_MAGIC)) {
		(void)close(fd);
		return fail(c, -EMEDIUMTYPE, "open '%s', which is on no cgroup filesystem", path);
	}
	c->cgroups[slot] = fd;
	return 0;
}

int step_enter_cgroup(struct context *c, const struct step *s)
{
	uint32_t slot = s->field[0].u;
	int r;

	if (slot >= MAX_CGROUPS || c->cgroups[slot] < 0)
		return fail(c, -EBADF, "enter cgroup %u", slot);
	/* by ourselves, into tasks: a pid in cgroup.procs costs an RCU grace period, and whoever opened it is judged */
	r = write_text(c->cgroups[slot], "0");
	close_descriptor(&c->cgroups[slot]); /* no writable cgroup descriptor survives this step */
	return r < 0 ? fail(c, r, "enter cgroup %u", slot) : 0;
}

/* After the last cgroup write: /proc/self/cgroup then shows `/`. */
int step_new_cgroup_namespace(struct context *c, const struct step *s)
{
	(void)s;
	return unshare(CLONE_NEWCGROUP) < 0 ? fail(c, -errno, "make a cgroup namespace") : 0;
}
