#include "user_namespace.h"
#include "context.h"
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define MOST_RANGES 340
/* Three numbers of ten digits, padded as the kernel writes them, and a line feed. */
#define LONGEST_LINE 34

/* A child in another user namespace, a new one or that of a descriptor, which does nothing but be there. */
static int hold_namespace(int namespace, int *ret_error)
{
	struct clone_request request = {.exit_signal = SIGCHLD, .flags = namespace < 0 ? CLONE_NEWUSER : 0};
	pid_t parent = getpid();
	int entered[2], error = 0, child;

	if (pipe2(entered, O_CLOEXEC) < 0) {
		*ret_error = -errno;
		return -1;
	}
	child = sys_clone3(&request);
	if (child == 0) {
		if (namespace >= 0 && setns(namespace, CLONE_NEWUSER) < 0)
			error = -errno;
		/* not before: other credentials take it away, as those in a namespace that is somebody else's are */
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if (getppid() != parent)
			_exit(1);
		if (write(entered[1], &error, sizeof error) < 0)
			_exit(1);
		for (;;)
			(void)pause();
	}
	*ret_error = child < 0 ? -errno : 0;
	(void)close(entered[1]);
	if (child > 0 && read(entered[0], &error, sizeof error) != sizeof error)
		error = -ECHILD;
	(void)close(entered[0]);
	if (child > 0)
		*ret_error = error;
	return child;
}

static void let_go(int child)
{
	if (child <= 0)
		return;
	(void)kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* A file of the child's directory in /proc; nobody has taken its pid, for it is not reaped. */
static int open_child(int child, const char *file, int flags)
{
	char path[64];

	(void)snprintf(path, sizeof path, "/proc/%d/%s", child, file);
	return open_host(path, flags);
}

static int write_map(int child, const char *file, const char *lines)
{
	AUTO_CLOSE int fd = open_child(child, file, O_WRONLY);

	return fd < 0 ? fd : write_text(fd, lines);
}

int make_user_namespace(const char *users, const char *groups)
{
	int r, child = hold_namespace(-1, &r);

	if (r == 0)
		r = write_map(child, "uid_map", users);
	if (r == 0)
		r = write_map(child, "gid_map", groups);
	if (r == 0)
		r = open_child(child, "ns/user", O_RDONLY);
	let_go(child);
	return r;
}

struct range {
	uint32_t inside, outside, size;
};

/* Reads lines of three numbers; -1 for anything else, or too many. */
static int parse(const char *lines, struct range *ret_ranges)
{
	int count = 0, used;

	for (; *lines; lines += used, count++) {
		struct range *range = &ret_ranges[count];

		used = 0;
		if (count == MOST_RANGES ||
			sscanf(lines, "%u %u %u %n", &range->inside, &range->outside, &range->size, &used) != 3 ||
			used == 0)
			return -1;
	}
	return count;
}

static bool same_ranges(const char *left, const char *right)
{
	static struct range a[MOST_RANGES], b[MOST_RANGES];
	int count = parse(left, a), found = 0;

	if (count < 0 || count != parse(right, b))
		return false;
	for (int i = 0; i < count; i++)
		for (int j = 0; j < count; j++)
			found += memcmp(&a[i], &b[j], sizeof a[i]) == 0;
	return found == count; /* ranges of one map do not overlap, so none is counted twice */
}

int compare_map(int namespace, const char *file, const char *lines, bool *ret_same, char *ret_found, int size)
{
	static char text[MOST_RANGES * LONGEST_LINE + 1];
	int r, child = hold_namespace(namespace, &r);
	AUTO_CLOSE int fd = r < 0 ? r : open_child(child, file, O_RDONLY);
	size_t have = 0;
	ssize_t n = 0;

	while (fd >= 0 && (n = read(fd, text + have, sizeof text - 1 - have)) > 0)
		have += (size_t)n;
	r = fd < 0 ? fd : n < 0 ? -errno : 0;
	let_go(child);
	if (r < 0)
		return r;
	text[have] = 0;
	*ret_same = same_ranges(text, lines);
	(void)snprintf(ret_found, (size_t)size, "%s", text);
	return 0;
}
