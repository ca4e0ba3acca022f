/* The container's view of files: mounts, the root, and the pivot. Everything is done to descriptors, so that no name can
 * change its meaning between the look and the deed (defence D02). The mount namespace is new. */
#include "control.h"
#include "launcher.h"
#include "path.h"
#include "syscalls.h"
#include "user_namespace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

step_function step_set_propagation, step_attach_root, step_make_target, step_mount_filesystem, step_bind,
	step_open_source, step_id_map, step_attach, step_change_attributes, step_reconfigure, step_pivot_root,
	step_move_root;

#define PROC_MAGIC 0x9fa0

static int change_propagation(int mount, uint32_t flags)
{
	struct mount_change change = {.propagation = flags & ~(uint32_t)FLAG_REC};

	if (!change.propagation)
		return 0;
	return sys_mount_setattr(mount, flags & FLAG_REC ? AT_RECURSIVE : 0, &change) < 0 ? -errno : 0;
}

int step_set_propagation(struct context *c, const struct step *s)
{
	const char *target = s->field[0].s;
	uint32_t flags = s->field[1].u | (s->field[2].u ? FLAG_REC : 0);
	AUTO_CLOSE int mount = c->pivoted ? open_beneath(c->root, target, O_PATH) : open_host(target, O_PATH);
	int r = mount < 0 ? mount : change_propagation(mount, flags);

	return r < 0 ? fail(c, r, "change the propagation of '%s'", target) : 0;
}

/* Makes the mount that holds a directory private, or else what is attached there, and the pivot, would be seen by the
 * host or be refused. The mount's root is found by climbing: only there the call succeeds. */
static int make_parent_private(const char *path)
{
	struct mount_change private = {.propagation = FLAG_PRIVATE};
	int fd = open_named(path, O_PATH | O_DIRECTORY);

	while (fd >= 0) {
		AUTO_CLOSE int below = fd;
		struct stat was, is;

		if (sys_mount_setattr(fd, 0, &private) == 0)
			return 0;
		if (errno != EINVAL)
			return -errno;
		fd = openat(below, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		if (fstat(below, &was) == 0 && fstat(fd, &is) == 0 && was.st_dev == is.st_dev &&
			was.st_ino == is.st_ino) {
			(void)close(fd); /* the root is no mount: a chroot */
			return -EINVAL;
		}
	}
	return fd;
}

int step_attach_root(struct context *c, const struct step *s)
{
	const char *path = s->field[0].s;
	AUTO_CLOSE int place = open_named(path, O_PATH | O_DIRECTORY);
	bool receives = s->field[1].u;
	int r = 0;

	if (place < 0)
		return fail(c, place, "open the root filesystem '%s'", path);
	/* a copy goes on receiving what its original receives: it is made after that is cut off, or before */
	if (!receives)
		r = make_parent_private(path);
	if (r >= 0) {
		c->root = sys_open_tree(place, "", TREE_CLONE | TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
		if (c->root < 0)
			return fail(c, -errno, "bind the root filesystem '%s'", path);
	}
	if (receives)
		r = make_parent_private(path);
	if (r < 0)
		return fail(c, r, "make the mount above the root filesystem '%s' private", path);
	if (sys_move_mount(c->root, place) < 0)
		return fail(c, -errno, "attach the root filesystem '%s'", path);
	return 0;
}

/* Init: whether a source of the launcher is here; it may still be on its way. */
static int need_source(struct context *c, uint32_t slot)
{
	while (slot < MAX_SOURCES && c->sources[slot] < 0) {
		struct packet packet;
		int passed, r = packet_receive(c->pair, &packet, &passed);

		if (r < 0)
			return r == -ECONNRESET ? -ECANCELED : r;
		if (packet.kind != PACKET_SOURCE || passed < 0 || packet.value >= MAX_SOURCES ||
			c->sources[packet.value] >= 0) {
			close_descriptor(&passed);
			return -EPROTO;
		}
		c->sources[packet.value] = passed;
	}
	return slot < MAX_SOURCES ? 0 : -EBADF;
}

/* What to make for a source: a path of the host, or `#` and the slot of a source that the launcher opens. */
static int kind_of_source(struct context *c, const char *source, enum target_kind *ret_kind)
{
	AUTO_CLOSE int opened = source[0] == '#' ? -1 : open_named(source, O_PATH);
	int fd = opened, r = opened;
	struct stat about;

	if (source[0] == '#') {
		uint32_t slot = (uint32_t)strtoul(source + 1, NULL, 10);

		r = need_source(c, slot);
		fd = r < 0 ? -1 : c->sources[slot];
	}
	if (r < 0)
		return r == -ECANCELED ? r : fail(c, r, "open bind source '%s'", source);
	if (fstat(fd, &about) < 0)
		return fail(c, -errno, "look at bind source '%s'", source);
	*ret_kind = S_ISDIR(about.st_mode) ? TARGET_DIRECTORY : TARGET_FILE;
	return 0;
}

int step_make_target(struct context *c, const struct step *s)
{
	enum target_kind kind = s->field[1].u == 1 ? TARGET_FILE : TARGET_DIRECTORY;
	AUTO_CLOSE int fd = -1;

	if (s->field[1].u == 2) { /* like the source */
		int r = kind_of_source(c, s->field[2].s, &kind);

		if (r < 0)
			return r;
	}
	fd = make_beneath(c->root, s->field[0].s, kind);
	return fd < 0 ? fail(c, fd, "make mount point '%s'", s->field[0].s) : 0;
}

/* Whether a path of the container ends in a procfs without saying so. */
static bool sneaks_into_proc(const struct context *c, int place, const char *target)
{
	struct statfs about;

	if (c->pivoted || strcmp(target, "/proc") == 0 || strncmp(target, "/proc/", 6) == 0)
		return false;
	return fstatfs(place, &about) == 0 && about.f_type == PROC_MAGIC;
}

int attach_beneath(struct context *c, int tree, const char *target, bool strictly)
{
	int (*resolve)(int, const char *, int) = strictly ? open_beneath_strictly : open_beneath;
	AUTO_CLOSE int place = resolve(c->root, target, O_PATH);
	AUTO_CLOSE int there = -1;
	uint64_t wanted, found;
	int r;

	if (place < 0)
		return fail(c, place, "open mount point '%s'", target);
	if (sneaks_into_proc(c, place, target))
		return fail(c, -ELOOP, "mount on '%s', which leads into a procfs", target);
	if (sys_move_mount(tree, place) < 0)
		return fail(c, -errno, "mount on '%s'", target);
	there = resolve(c->root, target, O_PATH);
	if (there < 0)
		return fail(c, there, "open '%s' after mounting on it", target);
	r = mount_id(tree, &wanted);
	if (r >= 0)
		r = mount_id(there, &found);
	if (r < 0)
		return fail(c, r, "read the mount id of '%s'", target);
	if (wanted != found)
		return fail(c, -EXDEV, "mount on '%s', which somebody moved meanwhile", target);
	close_descriptor(&c->covered);
	c->covered = place;
	place = -1;
	return 0;
}

/* Fails with what the filesystem itself says about it, if it says anything: lines such as "e tmpfs: Bad value for …". */
static int fail_filesystem(struct context *c, int fs, int error, const char *what, const char *on)
{
	char reasons[512], line[256];
	size_t size = 0;
	ssize_t n;

	while ((n = read(fs, line, sizeof line - 1)) > 2) {
		line[n] = 0;
		line[strcspn(line, "\n")] = 0;
		if (line[0] == 'e' && size < sizeof reasons)
			size += (size_t)snprintf(reasons + size, sizeof reasons - size, ": %s", line + 2);
	}
	return fail(c, error, "%s '%s'%s", what, on, size > 0 ? reasons : "");
}

static int configure(struct context *c, int fs, const char *option)
{
	const char *equals = strchr(option, '=');
	char key[256];
	int r;

	if (!equals) {
		r = sys_fsconfig(fs, CONFIG_SET_FLAG, option, NULL);
	} else {
		if ((size_t)(equals - option) >= sizeof key)
			return fail(c, -ENAMETOOLONG, "set mount option '%s'", option);
		memcpy(key, option, (size_t)(equals - option));
		key[equals - option] = 0;
		r = sys_fsconfig(fs, CONFIG_SET_STRING, key, equals + 1);
	}
	return r < 0 ? fail_filesystem(c, fs, -errno, "set mount option", option) : 0;
}

int step_mount_filesystem(struct context *c, const struct step *s)
{
	const char *type = s->field[0].s, *source = s->field[1].s, *target = s->field[2].s;
	/* procfs and sysfs only on a real directory: an image could lead them elsewhere (CVE-2019-19921) */
	bool strictly = strcmp(type, "proc") == 0 || strcmp(type, "sysfs") == 0;
	AUTO_CLOSE int fs = sys_fsopen(type);
	AUTO_CLOSE int mount = -1;
	int r;

	if (fs < 0)
		return fail(c, -errno, "open filesystem type '%s'", type);
	if (source[0] && sys_fsconfig(fs, CONFIG_SET_STRING, "source", source) < 0)
		return fail_filesystem(c, fs, -errno, "set source", source);
	for (uint32_t i = 0; i < s->field[4].l.count; i++) {
		r = configure(c, fs, s->field[4].l.at[i]);
		if (r < 0)
			return r;
	}
	if (sys_fsconfig(fs, CONFIG_CREATE, NULL, NULL) < 0)
		return fail_filesystem(c, fs, -errno, "make filesystem", type);
	mount = sys_fsmount(fs, (unsigned)s->field[3].q);
	if (mount < 0)
		return fail_filesystem(c, fs, -errno, "mount filesystem", type);
	r = attach_beneath(c, mount, target, strictly);
	if (r < 0)
		return r;
	r = change_propagation(mount, s->field[5].u);
	if (r < 0)
		return fail(c, r, "change the propagation of '%s'", target);
	close_descriptor(&c->mounted);
	c->mounted = mount;
	mount = -1;
	return 0;
}

int step_reconfigure(struct context *c, const struct step *s)
{
	const char *target = s->field[0].s;
	AUTO_CLOSE int mount = open_beneath(c->root, target, O_PATH);
	AUTO_CLOSE int fs = mount < 0 ? -1 : sys_fspick(mount);
	int r;

	if (fs < 0)
		return fail(c, mount < 0 ? mount : -errno, "find the filesystem mounted at '%s'", target);
	for (uint32_t i = 0; i < s->field[1].l.count; i++) {
		r = configure(c, fs, s->field[1].l.at[i]);
		if (r < 0)
			return r;
	}
	if (sys_fsconfig(fs, CONFIG_RECONFIGURE, NULL, NULL) < 0)
		return fail_filesystem(c, fs, -errno, "configure anew the filesystem at", target);
	return 0;
}

/* In a user namespace the kernel holds on to what a mount of the host forbids, and refuses to clear it
 * (mount_namespaces(7)): that is then left as it is, and the rest is done. */
static int change_attributes(int mount, bool recursive, const struct mount_change *wanted)
{
	struct mount_change change = *wanted;
	struct statfs about;
	uint64_t there;

	if (sys_mount_setattr(mount, recursive ? AT_RECURSIVE : 0, &change) == 0)
		return 0;
	if (errno != EPERM || !change.clear || fstatfs(mount, &about) < 0)
		return -errno;
	/* the first bits of f_flags, ST_RDONLY and so on, are the attributes' */
	there = (uint64_t)about.f_flags & (ATTRIBUTE_RDONLY | ATTRIBUTE_NOSUID | ATTRIBUTE_NODEV | ATTRIBUTE_NOEXEC);
	change.clear &= ~(there | ATTRIBUTE_ATIME | ATTRIBUTE_NODIRATIME);
	change.set &= ~(uint64_t)ATTRIBUTE_ATIME;
	if (!change.set && !change.clear)
		return 0;
	return sys_mount_setattr(mount, recursive ? AT_RECURSIVE : 0, &change) < 0 ? -errno : 0;
}

/* field: set, clear, set on the whole tree, clear there, propagation */
static int furnish(struct context *c, int tree, const char *target, const union value *field)
{
	struct mount_change top = {.set = field[0].q, .clear = field[1].q};
	struct mount_change all = {.set = field[2].q, .clear = field[3].q};
	int r;

	r = top.set || top.clear ? change_attributes(tree, false, &top) : 0;
	if (r < 0)
		return fail(c, r, "set the attributes of '%s'", target);
	r = all.set || all.clear ? change_attributes(tree, true, &all) : 0;
	if (r < 0)
		return fail(c, r, "set the attributes of '%s' and below", target);
	r = attach_beneath(c, tree, target, false);
	if (r < 0)
		return r;
	r = change_propagation(tree, field[4].u);
	return r < 0 ? fail(c, r, "change the propagation of '%s'", target) : 0;
}

/* A detached copy of the mount, or tree of mounts, at a path of the host. */
static int copy_tree(struct context *c, const char *path, bool recursive)
{
	AUTO_CLOSE int source = open_named(path, O_PATH);
	int tree;

	if (source < 0)
		return fail(c, source, "open bind source '%s'", path);
	tree = sys_open_tree(source, "", TREE_CLONE | TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));
	return tree < 0 ? fail(c, -errno, "copy the mount of '%s'", path) : tree;
}

int step_bind(struct context *c, const struct step *s)
{
	AUTO_CLOSE int tree = copy_tree(c, s->field[0].s, s->field[2].u);

	return tree < 0 ? tree : furnish(c, tree, s->field[1].s, &s->field[3]);
}

int keep_source(struct context *c, const struct step *s, uint32_t slot, int tree)
{
	struct packet packet = {.kind = PACKET_SOURCE, .value = slot, .step = s->index};
	int r;

	if (slot >= MAX_SOURCES || c->sources[slot] >= 0) {
		(void)close(tree);
		return fail(c, -EINVAL, "open source %u", slot);
	}
	c->sources[slot] = tree;
	if (c->pair < 0) /* init will be born with it */
		return 0;
	r = packet_send(c->pair, &packet, 0, tree);
	if (r == -EPIPE || r == -ECONNRESET)
		return -ECANCELED;
	return r < 0 ? fail(c, r, "send source %u", slot) : 0;
}

/* Launcher: init, in a user namespace, could not reach the source. */
int step_open_source(struct context *c, const struct step *s)
{
	int tree = copy_tree(c, s->field[1].s, s->field[2].u);

	return tree < 0 ? tree : keep_source(c, s, s->field[0].u, tree);
}

/* The user namespace of init, once its maps are written. */
static int open_init_namespace(struct context *c)
{
	char path[64];
	int namespace;

	(void)snprintf(path, sizeof path, "/proc/%u/ns/user", c->page->init);
	namespace = open_host(path, O_RDONLY);
	/* the pid is init's only if init is still alive now */
	if (namespace >= 0 && syscall(SYS_pidfd_send_signal, c->init, 0, NULL, 0) < 0) {
		int error = -errno;

		(void)close(namespace);
		return error;
	}
	return namespace;
}

/* Launcher; what init holds is the same mount, so it may have been sent before. */
int step_id_map(struct context *c, const struct step *s)
{
	const char *path = s->field[2].s, *users = s->field[3].s, *groups = s->field[4].s;
	struct mount_change change = {.set = ATTRIBUTE_IDMAP};
	uint32_t slot = s->field[0].u;
	AUTO_CLOSE int namespace = -1;

	if (slot >= MAX_SOURCES || c->sources[slot] < 0)
		return fail(c, -EBADF, "map the ids of source %u", slot);
	if (users[0])
	namespace = make_user_namespace(users, groups);
	else namespace = path[0] ? open_host(path, O_RDONLY) : open_init_namespace(c);
	if (namespace < 0)
		return fail(c, namespace, "%s a user namespace for the ids of the mount", users[0] ? "make" : "open");
	change.user_namespace = (uint64_t) namespace;
	if (sys_mount_setattr(c->sources[slot], s->field[1].u ? AT_RECURSIVE : 0, &change) < 0)
		return fail(c, -errno, "map the ids of the mount%s, whose filesystem may not be able to",
			s->field[1].u ? " and those below it" : "");
	return 0;
}

int step_attach(struct context *c, const struct step *s)
{
	uint32_t slot = s->field[0].u;
	int r = need_source(c, slot);

	if (r < 0)
		return r == -ECANCELED ? r : fail(c, r, "attach source %u on '%s'", slot, s->field[1].s);
	r = furnish(c, c->sources[slot], s->field[1].s, &s->field[2]);
	close_descriptor(&c->sources[slot]);
	return r;
}

int step_change_attributes(struct context *c, const struct step *s)
{
	AUTO_CLOSE int mount = open_beneath(c->root, s->field[0].s, O_PATH);
	struct mount_change change = {.set = s->field[1].q, .clear = s->field[2].q};
	int r;

	if (mount < 0)
		return fail(c, mount, "open '%s'", s->field[0].s);
	r = change_attributes(mount, s->field[3].u, &change);
	return r < 0 ? fail(c, r, "change the attributes of '%s'", s->field[0].s) : 0;
}

int step_pivot_root(struct context *c, const struct step *s)
{
	AUTO_CLOSE int old = open_host("/", O_PATH | O_DIRECTORY);
	struct mount_change slave = {.propagation = FLAG_SLAVE};

	if (old < 0)
		return fail(c, old, "open the former root");
	if (fchdir(c->root) < 0)
		return fail(c, -errno, "enter the new root '%s'", s->field[0].s);
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return fail(c, -errno, "make '%s' the root", s->field[0].s);
	/* both lie on "/" now; by the descriptor we get at the lower one. Slave, so that the host keeps its mounts */
	if (fchdir(old) < 0 || sys_mount_setattr(old, AT_RECURSIVE, &slave) < 0)
		return fail(c, -errno, "cut the former root off from the host");
	if (syscall(SYS_umount2, ".", UNMOUNT_DETACH) < 0)
		return fail(c, -errno, "detach the former root");
	if (fchdir(c->root) < 0)
		return fail(c, -errno, "enter the root");
	close_descriptor(&c->covered);
	close_descriptor(&c->mounted);
	c->pivoted = true;
	return 0;
}

/* For machines whose root is an initramfs, which can't be pivoted away from: the former root stays, but below ours. */
int step_move_root(struct context *c, const struct step *s)
{
	AUTO_CLOSE int place = open_host("/", O_PATH | O_DIRECTORY);

	if (place < 0)
		return fail(c, place, "open the former root");
	if (sys_move_mount(c->root, place) < 0)
		return fail(c, -errno, "move '%s' over the root", s->field[0].s);
	int r = change_root(c->root);
	if (r < 0)
		return fail(c, r, "enter the root '%s'", s->field[0].s);
	c->pivoted = true;
	return 0;
}
