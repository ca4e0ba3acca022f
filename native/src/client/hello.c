#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put_strings(struct buffer *b, char **strings)
{
	uint32_t count = 0;

	while (strings[count])
		count++;
	put_u32(b, count);
	for (uint32_t i = 0; i < count; i++)
		put_string(b, strings[i]);
}

/* How many descriptors from 3 on systemd's socket activation handed to this very process (sd_listen_fds(3)). */
static int activated_descriptors(void)
{
	const char *pid = getenv("LISTEN_PID");
	const char *count = getenv("LISTEN_FDS");
	char *end;
	long n;

	if (!pid || !count || strtol(pid, &end, 10) != getpid() || *end)
		return 0;
	n = strtol(count, &end, 10);
	return *count == '\0' || *end || n < 0 || n > MAX_DESCRIPTORS ? 0 : (int)n;
}

static mode_t current_umask(void)
{
	mode_t mask = umask(077);

	(void)umask(mask);
	return mask;
}

int say_hello(int socket, char **argv, char **environ)
{
	struct buffer b = {0};
	int fds[MAX_DESCRIPTORS];
	int preserved = preserved_descriptors(argv);
	int count = 3 + activated_descriptors() + (preserved < 0 ? 0 : preserved);
	uint32_t terminals = 0;
	char *cwd;
	int r;

	if (preserved < 0 || count > MAX_DESCRIPTORS) {
		(void)complain("'--preserve-fds' takes a number, and at most %d descriptors can be handed over",
			MAX_DESCRIPTORS - 3);
		return EXIT_MISUSED;
	}
	for (int fd = 0; fd < count; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			return complain("descriptor %d is to be preserved and is not open", fd);
		fds[fd] = fd;
		if (fd < 3 && isatty(fd))
			terminals |= 1U << fd;
	}
	cwd = getcwd(NULL, 0);
	if (!cwd)
		return complain("cannot find the working directory: %s", strerror(errno));
	put_strings(&b, argv);
	put_strings(&b, environ);
	put_string(&b, cwd);
	put_u32(&b, current_umask());
	put_u32(&b, (uint32_t)count);
	put_u32(&b, terminals);
	r = send_frame(socket, FRAME_HELLO, &b, fds, (size_t)count);
	free(cwd);
	free_buffer(&b);
	return r < 0 ? complain("cannot hand the command to the helper: %s", strerror(-r)) : 0;
}
