/* Devices, links, and paths that are hidden or made read-only. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

step_function step_make_device, step_open_device, step_bind_device, step_make_link, step_mask_path, step_readonly_path;

bool is_node_of(const struct stat *about, uint32_t mode, uint32_t major, uint32_t minor)
{
	if ((about->st_mode & S_IFMT) != (mode & S_IFMT))
		return false;
	return S_ISFIFO(about->st_mode) || about->st_rdev == makedev(major, minor);
}

int step_make_device(struct context *c, const struct step *s)
{
	const char *path = s->field[0].s;
	uint32_t mode = s->field[1].u, uid = s->field[4].u, gid = s->field[5].u;
	dev_t device = S_ISFIFO(mode) ? 0 : makedev(s->field[2].u, s->field[3].u);
	char name[NAME_MAX + 1];
	AUTO_CLOSE int parent = open_parent_beneath(c->root, path, name);
	AUTO_CLOSE int node = -1;
	struct stat about;
	bool made;

	if (parent < 0)
		return fail(c, parent, "open the directory of device '%s'", path);
	made = mknodat(parent, name, mode, device) == 0;
	if (!made && errno != EEXIST)
		return fail(c, -errno, "make device '%s'", path);
	node = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (node < 0 || fstat(node, &about) < 0)
		return fail(c, -errno, "open device '%s'", path);
	if (!is_node_of(&about, mode, s->field[2].u, s->field[3].u))
		return fail(c, -EEXIST, "make device '%s', where something else is", path);
	if (made && (uid || gid) && fchownat(node, "", uid, gid, AT_EMPTY_PATH) < 0)
		return fail(c, -errno, "give device '%s' to user %u, group %u", path, uid, gid);
	c->skipped = !made;
	return 0;
}

/* A node of the host, checked to be what the plan says. Returns a detached mount of it or what fail returned. */
static int copy_device(struct context *c, const char *path, uint32_t major, uint32_t minor)
{
	AUTO_CLOSE int node = open_named(path, O_PATH | O_NOFOLLOW);
	struct stat about;
	int tree;

	if (node < 0 || fstat(node, &about) < 0)
		return fail(c, node < 0 ? node : -errno, "open device '%s' of the host", path);
	if ((!S_ISCHR(about.st_mode) && !S_ISBLK(about.st_mode)) || about.st_rdev != makedev(major, minor))
		return fail(c, -ENODEV, "bind '%s', which is not device %u:%u", path, major, minor);
	tree = sys_open_tree(node, "", TREE_CLONE | TREE_CLOEXEC | AT_EMPTY_PATH);
	return tree < 0 ? fail(c, -errno, "copy the mount of '%s'", path) : tree;
}

/* Launcher, where nodes can't be made (user namespaces). */
int step_open_device(struct context *c, const struct step *s)
{
	int tree = copy_device(c, s->field[1].s, s->field[2].u, s->field[3].u);

	return tree < 0 ? tree : keep_source(c, s, s->field[0].u, tree);
}

/* Init, where the launcher has no more rights than it. */
int step_bind_device(struct context *c, const struct step *s)
{
	const char *path = s->field[1].s;
	AUTO_CLOSE int tree = copy_device(c, s->field[0].s, s->field[2].u, s->field[3].u);
	AUTO_CLOSE int place = -1;

	if (tree < 0)
		return tree;
	place = make_beneath(c->root, path, TARGET_FILE);
	if (place < 0)
		return fail(c, place, "make a place for device '%s'", path);
	return attach_beneath(c, tree, path, false);
}

int step_make_link(struct context *c, const struct step *s)
{
	const char *target = s->field[0].s, *path = s->field[1].s;
	char name[NAME_MAX + 1], found[PATH_MAX];
	AUTO_CLOSE int parent = -1;
	ssize_t size;

	if (s->field[2].s[0]) {
		AUTO_CLOSE int condition = open_beneath(c->root, s->field[2].s, O_PATH);

		if (condition == -ENOENT || condition == -ENOTDIR) {
			c->skipped = true;
			return 0;
		}
		if (condition < 0)
			return fail(c, condition, "look for '%s'", s->field[2].s);
	}
	parent = open_parent_beneath(c->root, path, name);
	if (parent < 0)
		return fail(c, parent, "open the directory of link '%s'", path);
	if (symlinkat(target, parent, name) == 0)
		return 0;
	if (errno != EEXIST)
		return fail(c, -errno, "link '%s' to '%s'", path, target);
	size = readlinkat(parent, name, found, sizeof found);
	if (size < 0 && errno == EINVAL) {
		/* the image brought a node or file of its own: it lies in the container, and nothing of ours follows it */
		c->skipped = true;
		return 0;
	}
	if (size != (ssize_t)strlen(target) || memcmp(found, target, (size_t)size) != 0)
		return fail(c, -EEXIST, "link '%s' to '%s', where another link is", path, target);
	c->skipped = true;
	return 0;
}

/* A detached tmpfs, still writable. */
static int new_tmpfs(void)
{
	AUTO_CLOSE int fs = sys_fsopen("tmpfs");
	int mount;

	if (fs < 0 || sys_fsconfig(fs, CONFIG_SET_STRING, "mode", "0755") < 0 ||
		sys_fsconfig(fs, CONFIG_SET_STRING, "nr_inodes", "8") < 0 ||
		sys_fsconfig(fs, CONFIG_CREATE, NULL, NULL) < 0)
		return -errno;
	mount = sys_fsmount(fs, ATTRIBUTE_NOSUID | ATTRIBUTE_NODEV | ATTRIBUTE_NOEXEC);
	return mount < 0 ? -errno : mount;
}

/* Before Linux 6.15 a detached mount can't be copied, so it lies over the root for a moment; nobody else is in this mount
 * namespace. Slower by an unmount, which waits for all processors. */
static int copy_while_attached(int tmpfs, int root)
{
	int copy, error;

	if (sys_move_mount(tmpfs, root) < 0)
		return -errno;
	copy = sys_open_tree(tmpfs, "empty", TREE_CLONE | TREE_CLOEXEC);
	error = -errno;
	if (fchdir(tmpfs) < 0 || syscall(SYS_umount2, ".", UNMOUNT_DETACH) < 0 || fchdir(root) < 0) {
		error = -errno;
		close_descriptor(&copy);
	}
	return copy < 0 ? error : copy;
}

/* An empty file of our own, as a detached mount that is read-only. Never /dev/null of the image, which may be a link to
 * what should be hidden (CVE-2025-31133). */
int mask_file(const struct context *c)
{
	struct mount_change readonly = {.set = ATTRIBUTE_RDONLY};
	AUTO_CLOSE int tmpfs = new_tmpfs();
	int copy = -1, error;

	if (tmpfs < 0)
		return tmpfs;
	AUTO_CLOSE int file = openat(tmpfs, "empty", O_CREAT | O_EXCL | O_CLOEXEC | O_RDONLY, 0444);
	if (file < 0)
		return -errno;
	if (!c->no_detached_copies)
		copy = sys_open_tree(tmpfs, "empty", TREE_CLONE | TREE_CLOEXEC);
	if (copy < 0 && !c->no_detached_copies && errno != EINVAL)
		return -errno;
	if (copy < 0)
		copy = copy_while_attached(tmpfs, c->root);
	if (copy >= 0 && sys_mount_setattr(copy, 0, &readonly) < 0) {
		error = -errno;
		(void)close(copy);
		return error;
	}
	return copy;
}

static int new_empty_directory(void)
{
	struct mount_change readonly = {.set = ATTRIBUTE_RDONLY};
	int tmpfs = new_tmpfs(), error;

	if (tmpfs >= 0 && sys_mount_setattr(tmpfs, 0, &readonly) < 0) {
		error = -errno;
		(void)close(tmpfs);
		return error;
	}
	return tmpfs;
}

/* The first one is attached itself, later ones are copies of it: one filesystem for all masks of a kind. */
int step_mask_path(struct context *c, const struct step *s)
{
	const char *path = s->field[0].s;
	AUTO_CLOSE int place = open_beneath(c->root, path, O_PATH);
	AUTO_CLOSE int copy = -1;
	struct stat about;
	int *mask;

	if (place == -ENOENT || place == -ENOTDIR) {
		c->skipped = true;
		return 0;
	}
	if (place < 0 || fstat(place, &about) < 0)
		return fail(c, place < 0 ? place : -errno, "open '%s' to mask it", path);
	mask = S_ISDIR(about.st_mode) ? &c->empty_dir : &c->empty_file;
	if (mask == &c->empty_file && c->prepared) {
		c->prepared = false; /* before Linux 6.15 only what is attached can be copied */
		return attach_beneath(c, *mask, path, false);
	}
	if (*mask < 0) {
		*mask = mask == &c->empty_dir ? new_empty_directory() : mask_file(c);
		if (*mask < 0)
			return fail(c, *mask, "make the mask for '%s'", path);
		return attach_beneath(c, *mask, path, false);
	}
	copy = sys_open_tree(*mask, "", TREE_CLONE | TREE_CLOEXEC | AT_EMPTY_PATH);
	if (copy < 0)
		return fail(c, -errno, "copy the mask for '%s'", path);
	return attach_beneath(c, copy, path, false);
}

int step_readonly_path(struct context *c, const struct step *s)
{
	const char *path = s->field[0].s;
	AUTO_CLOSE int place = open_beneath(c->root, path, O_PATH);
	AUTO_CLOSE int tree = -1;
	struct mount_change readonly = {.set = ATTRIBUTE_RDONLY};

	if (place == -ENOENT || place == -ENOTDIR) {
		c->skipped = true;
		return 0;
	}
	if (place < 0)
		return fail(c, place, "open '%s' to make it read-only", path);
	tree = sys_open_tree(place, "", TREE_CLONE | TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
	if (tree < 0)
		return fail(c, -errno, "copy the mount of '%s'", path);
	if (sys_mount_setattr(tree, AT_RECURSIVE, &readonly) < 0)
		return fail(c, -errno, "make '%s' read-only", path);
	return attach_beneath(c, tree, path, false);
}
