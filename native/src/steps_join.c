/* Namespaces that are joined. All of them are opened first, while paths mean what they mean on the host. */
#include "launcher.h"
#include "path.h"
#include "user_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif
#define NSFS_MAGIC 0x6e736673
#define GET_TYPE _IO(0xb7, 0x3) /* NS_GET_NSTYPE, ioctl_ns(2) */

step_function step_open_namespace, step_check_id_map, step_join_namespace;

static const struct {
	int type;
	const char *word; /* as the specification has it */
	const char *file;
} kinds[] = {
	{CLONE_NEWPID, "pid", "/proc/self/ns/pid"},
	{CLONE_NEWNET, "network", "/proc/self/ns/net"},
	{CLONE_NEWNS, "mount", "/proc/self/ns/mnt"},
	{CLONE_NEWIPC, "ipc", "/proc/self/ns/ipc"},
	{CLONE_NEWUTS, "uts", "/proc/self/ns/uts"},
	{CLONE_NEWUSER, "user", "/proc/self/ns/user"},
	{CLONE_NEWCGROUP, "cgroup", "/proc/self/ns/cgroup"},
	{CLONE_NEWTIME, "time", "/proc/self/ns/time"},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

static const char *word_of(int type)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].type == type)
			return kinds[i].word;
	return "strange";
}

/* The kernel refuses to enter a user namespace once more. */
static bool is_ours(int fd, int type)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].type == type) {
			AUTO_CLOSE int own = open_host(kinds[i].file, O_RDONLY);
			struct stat a, b;

			return own >= 0 && fstat(own, &a) == 0 && fstat(fd, &b) == 0 && a.st_dev == b.st_dev &&
			       a.st_ino == b.st_ino;
		}
	}
	return false;
}

int step_open_namespace(struct context *c, const struct step *s)
{
	uint32_t slot = s->field[0].u;
	int wanted = (int)s->field[1].u, found;
	const char *path = s->field[2].s;
	/* not blocking: it might be a fifo */
	AUTO_CLOSE int fd = open_host(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct statfs about;
	struct stat inode;

	if (fd < 0)
		return fail(c, fd, "open namespace '%s'", path);
	if (fstatfs(fd, &about) < 0 || fstat(fd, &inode) < 0)
		return fail(c, -errno, "look at namespace '%s'", path);
	if (about.f_type != NSFS_MAGIC)
		return fail(c, -EINVAL, "join '%s', which is no namespace", path);
	found = ioctl(fd, GET_TYPE);
	if (found < 0)
		return fail(c, -errno, "ask for the type of namespace '%s'", path);
	if (found != wanted)
		return fail(c, -EINVAL, "join '%s' as a %s namespace: it is a %s namespace", path, word_of(wanted),
			word_of(found));
	if (slot >= MAX_NAMESPACES || c->namespaces[slot] >= 0)
		return fail(c, -EINVAL, "open '%s' as namespace %u", path, slot);
	if (is_ours(fd, wanted)) {
		/* the pivot would take the host's root away */
		if (wanted == CLONE_NEWNS)
			return fail(c, -EINVAL, "join '%s', the runtime's own mount namespace", path);
		c->entered |= 1U << slot;
	}
	c->value = inode.st_ino;
	c->namespaces[slot] = fd;
	fd = -1;
	return 0;
}

int step_check_id_map(struct context *c, const struct step *s)
{
	static const char *const files[] = {"uid_map", "gid_map"};
	uint32_t slot = s->field[0].u;

	if (slot >= MAX_NAMESPACES || c->namespaces[slot] < 0)
		return fail(c, -EBADF, "read the maps of namespace %u", slot);
	for (int i = 0; i < 2; i++) {
		char found[256];
		bool same;
		int r = compare_map(c->namespaces[slot], files[i], s->field[1 + i].s, &same, found, sizeof found);

		if (r < 0)
			return fail(c, r, "read '%s' of the user namespace", files[i]);
		if (!same)
			return fail(c, -EINVAL, "join a user namespace with another '%s': %s", files[i], found);
	}
	return 0;
}

int step_join_namespace(struct context *c, const struct step *s)
{
	uint32_t slot = s->field[2].u;
	struct stat about;
	int *fd;

	if (slot >= MAX_NAMESPACES || c->namespaces[slot] < 0)
		return fail(c, -EBADF, "join namespace '%s'", s->field[1].s);
	fd = &c->namespaces[slot];
	if (c->entered & 1U << slot)
		c->skipped = true;
	else if (setns(*fd, (int)s->field[0].u) < 0)
		return fail(c, -errno, "join namespace '%s'", s->field[1].s);
	(void)prctl(
		PR_SET_DUMPABLE, 0, 0, 0, 0); /* new rights in a user namespace set it to what fs.suid_dumpable says */
	if (fstat(*fd, &about) == 0)
		c->value = about.st_ino;
	close_descriptor(fd);
	return 0;
}
