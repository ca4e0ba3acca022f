/* A visit: the launcher enters a container that lives, changes something in there, and ends. Nothing of the container is executed. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

step_function step_prepare_masks, step_detach_mount, step_remove_device;

/* A file's mask is made in a mount namespace that is nobody else's, and let go of when the container's is entered: before
 * Linux 6.15 the tmpfs has to be attached for a moment, which no process of the container may see. */
int step_prepare_masks(struct context *c, const struct step *s)
{
	struct mount_change private = {.propagation = FLAG_PRIVATE};
	AUTO_CLOSE int root = -1;

	(void)s;
	if (unshare(CLONE_NEWNS) < 0)
		return fail(c, -errno, "make a mount namespace for the masks");
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	root = open_host("/", O_PATH | O_DIRECTORY);
	if (root < 0)
		return fail(c, root, "open the root");
	if (sys_mount_setattr(root, AT_RECURSIVE, &private) < 0)
		return fail(c, -errno, "cut the mounts off from the host's");
	c->root = root;
	c->empty_file = mask_file(c);
	c->root = -1;
	c->prepared = c->empty_file >= 0;
	return c->empty_file < 0 ? fail(c, c->empty_file, "make a mask for files") : 0;
}

/* By the descriptor, so that it is the mount that was looked at; the procfs is the host's, where we have a number. */
static int detach(const struct context *c, int mount)
{
	char name[32];
	AUTO_CLOSE int before = open_host(".", O_PATH | O_DIRECTORY);
	int r;

	if (before < 0)
		return before;
	(void)snprintf(name, sizeof name, "self/fd/%d", mount);
	if (fchdir(c->proc) < 0)
		return -errno;
	r = syscall(SYS_umount2, name, UNMOUNT_DETACH) < 0 ? -errno : 0;
	return fchdir(before) < 0 && r == 0 ? -errno : r;
}

int step_detach_mount(struct context *c, const struct step *s)
{
	const char *target = s->field[0].s;
	AUTO_CLOSE int mount = open_beneath(c->root, target, O_PATH);
	int r;

	if (mount < 0)
		return fail(c, mount, "open '%s'", target);
	if (c->proc < 0)
		return fail(c, -EBADF, "unmount '%s' without a procfs", target);
	r = detach(c, mount);
	if (r == -EINVAL)
		return fail(c, r, "unmount '%s', where nothing is mounted", target);
	return r < 0 ? fail(c, r, "unmount '%s'", target) : 0;
}

int step_remove_device(struct context *c, const struct step *s)
{
	const char *path = s->field[0].s;
	uint32_t mode = s->field[1].u;
	char name[NAME_MAX + 1];
	AUTO_CLOSE int parent = open_parent_beneath(c->root, path, name);
	struct stat about;

	if (parent < 0)
		return fail(c, parent, "open the directory of device '%s'", path);
	if (fstatat(parent, name, &about, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT) {
		c->skipped = true;
		return 0;
	}
	if (!is_node_of(&about, mode, s->field[2].u, s->field[3].u))
		return fail(c, -EEXIST, "remove device '%s', where something else is", path);
	return unlinkat(parent, name, 0) < 0 ? fail(c, -errno, "remove device '%s'", path) : 0;
}
