#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define NEW_NAME "exit.json.new"

enum {
	RECORD_ROOM = 512,
	FLAGS_FIELD = 9,	    /* proc(5), /proc/PID/stat */
	FORKED_WITHOUT_EXEC = 0x40, /* PF_FORKNOEXEC of the kernel's sched.h; documented nowhere, the same since 2.6 */
};

int exit_record_prepare(int state_dir)
{
	int fd = openat(state_dir, NEW_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int r = fd < 0 ? -errno : -posix_fallocate(fd, 0, RECORD_ROOM);

	if (r < 0 && fd >= 0)
		(void)close(fd);
	return r < 0 ? r : fd;
}

/* The flags of a process from /proc/PID/stat; its second field is a name that may hold anything. */
static int read_flags(pid_t pid, unsigned long *ret_flags)
{
	char path[64];
	char text[1024];
	const char *at;
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (n <= 0)
		return n < 0 ? -errno : -ENODATA;
	text[n] = '\0';
	at = strrchr(text, ')');
	for (int field = 2; at && field < FLAGS_FIELD; field++)
		at = strchr(at + 1, ' ');
	return at && sscanf(at, " %lu", ret_flags) == 1 ? 0 : -EBADMSG;
}

void ending_read(pid_t pid, int code, int status, struct ending *ret_ending)
{
	unsigned long flags = FORKED_WITHOUT_EXEC;
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	/* without /proc it counts as not executed: a program that may not have run is not said to have */
	(void)read_flags(pid, &flags);
	*ret_ending = (struct ending){.known = true,
		.code = code,
		.status = status,
		.executed = !(flags & FORKED_WITHOUT_EXEC),
		.seconds = now.tv_sec,
		.nanoseconds = now.tv_nsec};
}

int exit_record_write(int state_dir, int fd, const struct ending *e)
{
	bool killed = e->code != CLD_EXITED;
	time_t seconds = (time_t)e->seconds;
	char text[RECORD_ROOM];
	struct tm utc;
	int n;

	(void)gmtime_r(&seconds, &utc);
	n = snprintf(text, sizeof(text),
		"{\"status\":%d,\"signal\":%d,\"core\":%s,\"executed\":%s,"
		"\"exitedAt\":\"%04d-%02d-%02dT%02d:%02d:%02d.%09ldZ\"}\n",
		killed ? 128 + e->status : e->status, killed ? e->status : 0, e->code == CLD_DUMPED ? "true" : "false",
		e->executed ? "true" : "false", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
		utc.tm_min, utc.tm_sec, e->nanoseconds);
	if (pwrite(fd, text, (size_t)n, 0) != n || ftruncate(fd, n) < 0 || fsync(fd) < 0 ||
		renameat(state_dir, NEW_NAME, state_dir, "exit.json") < 0 || fsync(state_dir) < 0)
		return -errno;
	return 0;
}
