/* Copying what a new filesystem covers (tmpcopyup). All by descriptors: nothing that the image holds, and nobody who
 * changes it meanwhile, can make us read or write anywhere else. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

step_function step_copy_up;

/* What fits is for the filesystem's own limits to say; these keep a hostile image from going on for ever. */
#define MOST_ENTRIES 1000000U
#define DEEPEST 256
#define MOST_LINKS 65536U
#define BUCKETS 16384U

/* A file with several names, under the first of them. */
struct first_name {
	dev_t device;
	ino_t inode;
	char *path;
	uint32_t next; /* in the same bucket: its number plus one, 0 at the end */
};

struct copying {
	int top; /* the new filesystem */
	uint32_t entries, links;
	struct first_name *first;
	uint32_t bucket[BUCKETS];
	char path[PATH_MAX]; /* of what is copied now, below the top */
};

/* name may be of the image: it is only ever used relative to a descriptor, and never followed. */
static int look(int parent, const char *name, struct stat *ret_about)
{
	struct open_request request = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BELOW | RESOLVE_WITHIN_MOUNT | RESOLVE_NOT_LINKS};
	int fd = sys_openat2(parent, name, &request);

	if (fd < 0)
		return -errno;
	if (fstat(fd, ret_about) < 0) {
		int error = -errno;

		(void)close(fd);
		return error;
	}
	return fd;
}

/* What the filesystem has no room for by its kind (EOPNOTSUPP) or our rights (EPERM: trusted.*) is left out. */
static int copy_attributes(int from, int to)
{
	static char names[65536], value[65536];
	ssize_t size = flistxattr(from, names, sizeof names);

	if (size < 0)
		return errno == EOPNOTSUPP ? 0 : -errno;
	for (const char *name = names; name < names + size; name += strlen(name) + 1) {
		ssize_t length = fgetxattr(from, name, value, sizeof value);

		if (length < 0 && errno == ENODATA)
			continue;
		if (length < 0 || (fsetxattr(to, name, value, (size_t)length, 0) < 0 && errno != EOPNOTSUPP &&
					  errno != EPERM && errno != EINVAL))
			return -errno;
	}
	return 0;
}

/* An owner that the user namespace has no number for can't be given away: then it is ours. */
static int copy_owner(int parent, const char *name, const struct stat *about)
{
	if (fchownat(parent, name, about->st_uid, about->st_gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0)
		return 0;
	return errno == EINVAL ? 0 : -errno;
}

/* Owner first, because a change of it takes set-user-ID bits and file capabilities away. */
static int copy_look(int from, int to, const struct stat *about)
{
	const struct timespec times[] = {about->st_atim, about->st_mtim};
	int r = copy_owner(to, "", about);

	if (r == 0 && fchmod(to, about->st_mode & 07777) < 0)
		r = -errno;
	if (r == 0)
		r = copy_attributes(from, to);
	if (r == 0 && futimens(to, times) < 0)
		r = -errno;
	return r;
}

static int copy_bytes(int from, int to)
{
	static char buffer[65536];
	ssize_t n;

	while ((n = read(from, buffer, sizeof buffer)) != 0) {
		ssize_t done = 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		while (done < n) {
			ssize_t written = write(to, buffer + done, (size_t)(n - done));

			if (written < 0 && errno != EINTR)
				return -errno;
			done += written > 0 ? written : 0;
		}
	}
	return 0;
}

static int copy_file(int parent, int into, const char *name, const struct stat *about)
{
	/* if somebody has put something else there meanwhile, opening it must not block */
	AUTO_CLOSE int from = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	AUTO_CLOSE int to = -1;
	struct stat now;
	int r;

	if (from < 0 || fstat(from, &now) < 0)
		return -errno;
	if (now.st_dev != about->st_dev || now.st_ino != about->st_ino)
		return -EAGAIN;
	to = openat(into, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return -errno;
	r = copy_bytes(from, to);
	return r < 0 ? r : copy_look(from, to, about);
}

static int copy_link(int link, int into, const char *name, const struct stat *about)
{
	char target[PATH_MAX];
	ssize_t size = readlinkat(link, "", target, sizeof target);

	if (size < 0 || size == sizeof target)
		return size < 0 ? -errno : -ENAMETOOLONG;
	target[size] = 0;
	if (symlinkat(target, into, name) < 0)
		return -errno;
	return copy_owner(into, name, about);
}

static int copy_special(int into, const char *name, const struct stat *about)
{
	if (mknodat(into, name, about->st_mode & (S_IFMT | 07777), about->st_rdev) < 0)
		return -errno;
	return copy_owner(into, name, about);
}

/* A further name of a file that is copied already. Returns 1 if it was one, 0 if not, or -errno. */
static int copy_name(struct copying *copying, int into, const char *name, const struct stat *about)
{
	uint32_t *bucket = &copying->bucket[(about->st_ino ^ about->st_dev) % BUCKETS];
	struct first_name *grown;

	for (uint32_t i = *bucket; i > 0; i = copying->first[i - 1].next) {
		const struct first_name *first = &copying->first[i - 1];

		if (first->device == about->st_dev && first->inode == about->st_ino)
			return linkat(copying->top, first->path, into, name, 0) < 0 ? -errno : 1;
	}
	if (copying->links == MOST_LINKS)
		return -EMLINK;
	grown = realloc(copying->first, (copying->links + 1) * sizeof *grown);
	if (!grown)
		return -ENOMEM;
	copying->first = grown;
	grown[copying->links] = (struct first_name){about->st_dev, about->st_ino, strdup(copying->path), *bucket};
	if (!grown[copying->links].path)
		return -ENOMEM;
	*bucket = ++copying->links;
	return 0;
}

static int copy_directory(struct copying *copying, int *from, int to, const struct stat *about, int depth);

/* Takes directory over. A level of the tree holds two descriptors, of which there may be few. */
static int copy_below(
	struct copying *copying, int *directory, int into, const char *name, const struct stat *about, int depth)
{
	AUTO_CLOSE int from = openat(*directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int to = -1;

	if (from < 0 || mkdirat(into, name, 0700) < 0)
		return -errno;
	close_descriptor(directory);
	to = openat(into, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return to < 0 ? -errno : copy_directory(copying, &from, to, about, depth + 1);
}

static int copy_entry(struct copying *copying, int parent, int into, const char *name, int depth)
{
	struct stat about;
	AUTO_CLOSE int fd = look(parent, name, &about);
	int r;

	if (fd == -EXDEV) /* a mount, which the image does not have */
		return 0;
	if (fd < 0)
		return fd;
	if (++copying->entries > MOST_ENTRIES)
		return -E2BIG;
	if (!S_ISDIR(about.st_mode) && about.st_nlink > 1) {
		r = copy_name(copying, into, name, &about);
		if (r != 0)
			return r < 0 ? r : 0;
	}
	switch (about.st_mode & S_IFMT) {
	case S_IFDIR:
		return copy_below(copying, &fd, into, name, &about, depth);
	case S_IFREG:
		return copy_file(parent, into, name, &about);
	case S_IFLNK:
		return copy_link(fd, into, name, &about);
	default:
		return copy_special(into, name, &about);
	}
}

/* Takes from over; about is what the copy shall look like in the end, if anything. The path stays as it was at a failure: it is
 * part of what is said. */
static int copy_directory(struct copying *copying, int *from, int to, const struct stat *about, int depth)
{
	size_t end = strlen(copying->path);
	DIR *entries = depth > DEEPEST ? NULL : fdopendir(*from);
	const struct dirent *entry;
	int r = 0;

	if (!entries)
		return depth > DEEPEST ? -ELOOP : -errno;
	*from = -1;
	while (r == 0 && (errno = 0, entry = readdir(entries))) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		r = snprintf(copying->path + end, sizeof copying->path - end, "%s%s", end > 0 ? "/" : "", name);
		r = r >= (int)(sizeof copying->path - end) ? -ENAMETOOLONG
							   : copy_entry(copying, dirfd(entries), to, name, depth);
		if (r == 0)
			copying->path[end] = 0;
	}
	if (r == 0 && errno != 0)
		r = -errno;
	if (r == 0 && about)
		r = copy_look(dirfd(entries), to, about);
	(void)closedir(entries);
	return r;
}

/* field: whether the topmost directory takes over mode and owner */
static int copy_top(int from, int to, const union value *field)
{
	struct stat about;
	int r = 0;

	if (fstat(from, &about) < 0)
		return -errno;
	if (field[1].u)
		r = copy_owner(to, "", &about);
	if (r == 0 && field[0].u && fchmod(to, about.st_mode & 07777) < 0)
		r = -errno;
	return r < 0 ? r : copy_attributes(from, to);
}

int step_copy_up(struct context *c, const struct step *s)
{
	static struct copying copying;
	AUTO_CLOSE int from = openat(c->covered, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int listed = openat(c->covered, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int to = openat(c->mounted, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	memset(&copying, 0, sizeof copying);
	if (from < 0 || listed < 0 || to < 0)
		return fail(c, -errno, "open what '%s' covers", s->field[0].s);
	copying.top = to;
	r = copy_directory(&copying, &listed, to, NULL, 0);
	if (r == 0)
		r = copy_top(from, to, &s->field[1]);
	for (uint32_t i = 0; i < copying.links; i++)
		free(copying.first[i].path);
	free(copying.first);
	return r < 0 ? fail(c, r, "copy '%s/%s'", s->field[0].s, copying.path) : 0;
}
