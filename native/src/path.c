#include "path.h"
#include "context.h"
#include "syscalls.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* openat2 says EAGAIN when something was renamed during the walk; under a storm of renames 0.8 ms were seen. */
#define TRIES 512

static int resolve(int directory, const char *path, int flags, uint64_t how)
{
	struct open_request request = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = how};

	for (int tries = 0; tries < TRIES; tries++) {
		int fd = sys_openat2(directory, path, &request);

		if (fd >= 0)
			return fd;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return -EAGAIN;
}

int open_beneath(int root, const char *path, int flags)
{
	return resolve(root, path, flags, RESOLVE_AS_ROOT | RESOLVE_NOT_MAGIC);
}

int open_beneath_strictly(int root, const char *path, int flags)
{
	return resolve(root, path, flags, RESOLVE_AS_ROOT | RESOLVE_NOT_LINKS);
}

int open_host(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int open_named(const char *path, int flags)
{
	return resolve(AT_FDCWD, path, flags, RESOLVE_NOT_MAGIC);
}

/* The next part of a path and its size; `.` and empty parts are passed over. NULL at the end. */
static const char *next_part(const char **path, size_t *ret_size)
{
	for (;;) {
		const char *part;

		while (**path == '/')
			++*path;
		part = *path;
		*ret_size = strcspn(part, "/");
		if (*ret_size == 0)
			return NULL;
		*path = part + *ret_size;
		if (*ret_size != 1 || *part != '.')
			return part;
	}
}

/* Opens the longest beginning of path that exists; what is missing goes to *ret_rest. */
static int open_existing(int root, const char *path, const char **ret_rest)
{
	char begin[PATH_MAX];
	size_t size = strlen(path);

	if (size >= sizeof begin)
		return -ENAMETOOLONG;
	memcpy(begin, path, size + 1);
	for (;;) {
		int fd = open_beneath(root, size > 0 ? begin : "/", O_PATH);

		*ret_rest = path + size;
		if (fd != -ENOENT || size == 0)
			return fd;
		while (size > 0 && begin[size - 1] == '/')
			size--;
		while (size > 0 && begin[size - 1] != '/')
			size--;
		begin[size] = 0;
	}
}

/* Makes one directory, or finds that somebody else has; never follows a link. */
static int make_directory_at(int parent, const char *name)
{
	int fd;

	if (mkdirat(parent, name, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int make_file_at(int parent, const char *name)
{
	AUTO_CLOSE int made = openat(parent, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_RDONLY, 0644);
	int fd;

	if (made < 0)
		return -errno;
	fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int make_beneath(int root, const char *path, enum target_kind kind)
{
	const char *rest, *part;
	size_t size;
	int fd = open_existing(root, path, &rest);

	while (fd >= 0 && (part = next_part(&rest, &size))) {
		AUTO_CLOSE int parent = fd;
		const char *after = rest;
		size_t after_size;
		char name[NAME_MAX + 1];

		if (size > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, part, size);
		name[size] = 0;
		if (strcmp(name, "..") == 0) /* out of something that is not there */
			return -ENOENT;
		if (kind == TARGET_FILE && !next_part(&after, &after_size))
			fd = make_file_at(parent, name);
		else
			fd = make_directory_at(parent, name);
	}
	return fd;
}

int open_parent_beneath(int root, const char *path, char *ret_name)
{
	size_t end = strlen(path), start;
	char parent[PATH_MAX];

	while (end > 0 && path[end - 1] == '/')
		end--;
	start = end;
	while (start > 0 && path[start - 1] != '/')
		start--;
	if (end - start > NAME_MAX || start >= sizeof parent)
		return -ENAMETOOLONG;
	memcpy(ret_name, path + start, end - start);
	ret_name[end - start] = 0;
	if (ret_name[0] == 0 || strcmp(ret_name, ".") == 0 || strcmp(ret_name, "..") == 0)
		return -EINVAL;
	memcpy(parent, path, start);
	parent[start] = 0;
	return make_beneath(root, start > 0 ? parent : "/", TARGET_DIRECTORY);
}

int enter_beneath(int root, const char *path)
{
	AUTO_CLOSE int directory = open_beneath(root, path, O_PATH | O_DIRECTORY);
	char cwd[PATH_MAX];

	if (directory < 0)
		return directory;
	if (fchdir(directory) < 0)
		return -errno;
	/* outside of the root the kernel answers "(unreachable)/…", which C libraries turn into ENOENT */
	if (syscall(SYS_getcwd, cwd, sizeof cwd) < 0)
		return -errno;
	return cwd[0] == '/' ? 0 : -EXDEV;
}

int open_relative_beneath(int root, const char *cwd, const char *path, int flags)
{
	char whole[PATH_MAX];

	if (path[0] == '/')
		return open_beneath(root, path, flags);
	if (snprintf(whole, sizeof whole, "%s/%s", cwd, path) >= (int)sizeof whole)
		return -ENAMETOOLONG;
	return open_beneath(root, whole, flags);
}

int check_executable(int root, const char *cwd, const char *path)
{
	AUTO_CLOSE int fd = open_relative_beneath(root, cwd, path, O_PATH);
	struct stat about;

	if (fd < 0)
		return fd;
	if (fstat(fd, &about) < 0)
		return -errno;
	if (!S_ISREG(about.st_mode))
		return -EACCES;
	/* what execve will ask: permission bits and noexec mounts */
	if (syscall(SYS_faccessat2, fd, "", X_OK, AT_EMPTY_PATH | AT_EACCESS) < 0)
		return -errno;
	return 0;
}

static const char *path_variable(const char *const *env)
{
	for (; *env; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

int find_program(int root, const char *cwd, const char *name, const char *const *env, char *ret_path, size_t size)
{
	const char *directory = path_variable(env);
	int result = -ENOENT;

	if (strchr(name, '/')) {
		if ((size_t)snprintf(ret_path, size, "%s", name) >= size)
			return -ENAMETOOLONG;
		return check_executable(root, cwd, name);
	}
	if (!*name)
		return -ENOENT;
	for (;;) {
		size_t length = strcspn(directory, ":");
		int n = snprintf(ret_path, size, "%.*s%s%s", (int)length, directory, length > 0 ? "/" : "./", name);

		if (n >= 0 && (size_t)n < size) {
			int r = check_executable(root, cwd, ret_path);

			if (r == 0)
				return 0;
			if (r == -EACCES)
				result = r;
			else if (r != -ENOENT && r != -ENOTDIR && r != -ENAMETOOLONG && r != -ELOOP)
				return r;
		}
		if (directory[length] == 0)
			return result;
		directory += length + 1;
	}
}

int open_proc(int proc, const char *path, int flags)
{
	return resolve(proc, path, flags, RESOLVE_BELOW | RESOLVE_WITHIN_MOUNT | RESOLVE_NOT_LINKS);
}

int open_proc_self(int proc)
{
	char pid[32];
	ssize_t size = readlinkat(proc, "self", pid, sizeof pid - 1);

	if (size < 0)
		return -errno;
	pid[size] = 0;
	return open_proc(proc, pid, O_PATH | O_DIRECTORY);
}

int mount_id(int fd, uint64_t *ret_id)
{
	const unsigned id = 0x1000, unique = 0x4000; /* STATX_MNT_ID (5.8), STATX_MNT_ID_UNIQUE (6.8) */
	const size_t place = 0x90;
	unsigned char about[512] = {0}; /* more than any kernel has filled so far */
	uint32_t mask;

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, id | unique, about) < 0)
		return -errno;
	memcpy(&mask, about, sizeof mask);
	memcpy(ret_id, about + place, sizeof *ret_id);
	return mask & (id | unique) ? 0 : -EOPNOTSUPP;
}

int change_root(int directory)
{
	if (fchdir(directory) < 0 || chroot(".") < 0)
		return -errno;
	return 0;
}
