#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* Opens as the caller would, but never waits for the other end of a fifo: signals are blocked by now. */
static int open_file(const char *path, uint32_t flags, uint32_t mode)
{
	int fd = open(path, (int)flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, (mode_t)mode);

	if (fd < 0)
		return -errno;
	if (!(flags & (O_NONBLOCK | O_PATH)) && fcntl(fd, F_SETFL, (int)flags & ~O_NONBLOCK) < 0) {
		int r = -errno;

		(void)close(fd);
		return r;
	}
	return fd;
}

static int write_all(int fd, const uint8_t *bytes, size_t count)
{
	while (count > 0) {
		ssize_t n = write(fd, bytes, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		count -= (size_t)n;
	}
	return 0;
}

/* A device or fifo is written to as it stands: renaming a file over /dev/null would be a bad surprise. */
static int write_into(const char *path, const uint8_t *bytes, size_t count)
{
	int fd = open_file(path, O_WRONLY, 0);
	int r = fd < 0 ? fd : write_all(fd, bytes, count);

	if (fd >= 0)
		(void)close(fd);
	return r;
}

/* Readers of the file see all of it or none of it. */
static int replace_file(const char *path, const uint8_t *bytes, size_t count)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof(temporary), "%s.%d.new", path, (int)getpid());
	int fd, r;

	if (n < 0 || (size_t)n >= sizeof(temporary))
		return -ENAMETOOLONG;
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return -errno;
	r = write_all(fd, bytes, count);
	if (close(fd) < 0 && r >= 0)
		r = -errno;
	if (r >= 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(temporary);
	return r;
}

static int put_file(const char *path, const uint8_t *bytes, size_t count)
{
	struct stat there;

	if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return write_into(path, bytes, count);
	return replace_file(path, bytes, count);
}

/* The name to give to connect(2): a longer path than an address holds goes through a descriptor of its directory. */
static int socket_name(const char *path, char name[sizeof(((struct sockaddr_un *)0)->sun_path)], int *ret_directory)
{
	const char *slash = strrchr(path, '/');
	const size_t size = sizeof(((struct sockaddr_un *)0)->sun_path);
	char directory[PATH_MAX];

	if (strlen(path) < size) {
		(void)snprintf(name, size, "%s", path);
		return 0;
	}
	if (!slash || strlen(path) >= sizeof(directory) || strlen(slash) > 64)
		return -ENAMETOOLONG;
	(void)snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path) + 1, path);
	*ret_directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_directory < 0)
		return -errno;
	(void)snprintf(name, size, "/proc/self/fd/%d%s", *ret_directory, slash);
	return 0;
}

static int connect_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = 10}; /* a listener that never accepts must not hold us for ever */
	int directory = -1;
	int fd = -1;
	int r = socket_name(path, address.sun_path, &directory);

	if (r >= 0) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		r = fd < 0 ? -errno : 0;
	}
	if (r >= 0 && (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0 ||
			      connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0))
		r = -errno;
	if (r >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){0}, sizeof(struct timeval));
	if (directory >= 0)
		(void)close(directory);
	if (r < 0 && fd >= 0)
		(void)close(fd);
	return r < 0 ? r : fd;
}

int answer(int socket, uint32_t number, int result, int fd)
{
	struct buffer b = {0};
	int r;

	put_u32(&b, number);
	put_u32(&b, (uint32_t)(result < 0 ? -result : 0));
	r = send_frame(socket, FRAME_DONE, &b, &fd, fd >= 0);
	free_buffer(&b);
	if (fd >= 0)
		(void)close(fd);
	return r;
}

static int serve_open(int socket, uint32_t number, struct frame *f)
{
	uint32_t flags, mode;
	char *path;
	int fd;

	if (take_u32(f, &flags) < 0 || take_u32(f, &mode) < 0 || take_string(f, &path) < 0)
		return -EBADMSG;
	fd = taken_whole(f) < 0 ? -EBADMSG : open_file(path, flags, mode);
	free(path);
	return fd == -EBADMSG ? fd : answer(socket, number, fd, fd);
}

static int serve_put(int socket, uint32_t number, struct frame *f)
{
	const uint8_t *bytes;
	uint32_t count;
	char *path;
	int r;

	if (take_string(f, &path) < 0)
		return -EBADMSG;
	if (take_bytes(f, &bytes, &count) < 0 || taken_whole(f) < 0) {
		free(path);
		return -EBADMSG;
	}
	r = put_file(path, bytes, count);
	free(path);
	return answer(socket, number, r, -1);
}

static int serve_connect(int socket, uint32_t number, struct frame *f)
{
	char *path;
	int fd;

	if (take_string(f, &path) < 0)
		return -EBADMSG;
	fd = taken_whole(f) < 0 ? -EBADMSG : connect_socket(path);
	free(path);
	return fd == -EBADMSG ? fd : answer(socket, number, fd, fd);
}

int serve_request(int socket, struct frame *request)
{
	uint32_t number;

	if (take_u32(request, &number) < 0)
		return -EBADMSG;
	switch (request->type) {
	case FRAME_OPEN:
		return serve_open(socket, number, request);
	case FRAME_PUT:
		return serve_put(socket, number, request);
	case FRAME_CONNECT:
		return serve_connect(socket, number, request);
	default:
		return -EBADMSG;
	}
}
