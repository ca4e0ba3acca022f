#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

extern char **environ;

bool is_immutable(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & IMMUTABLE_SEALS) == IMMUTABLE_SEALS;
}

static int new_executable_file(void)
{
	int fd = memfd_create("slipway-launch", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

	if (fd < 0 && errno == EINVAL) /* before Linux 6.3 every memory file is executable */
		fd = memfd_create("slipway-launch", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd < 0 ? -errno : fd;
}

static int copy_all(int to, int from)
{
	struct stat about;

	if (fstat(from, &about) < 0)
		return -errno;
	for (off_t left = about.st_size; left > 0;) {
		ssize_t n = sendfile(to, from, NULL, (size_t)left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		left -= n;
	}
	return 0;
}

int run_from_sealed_copy(char **argv)
{
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int copy, r;

	if (self < 0)
		return -errno;
	if (is_immutable(self)) {
		(void)close(self);
		return 0;
	}
	copy = new_executable_file();
	r = copy < 0 ? copy : copy_all(copy, self);
	(void)close(self);
	if (r >= 0 && fcntl(copy, F_ADD_SEALS, IMMUTABLE_SEALS) < 0)
		r = -errno;
	if (r >= 0) {
		(void)syscall(SYS_execveat, copy, "", argv, environ, AT_EMPTY_PATH);
		r = -errno;
	}
	if (copy >= 0)
		(void)close(copy);
	return r;
}
