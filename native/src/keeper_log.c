#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PREFIX_LIMIT = 96 };

static int open_log(int state_dir, int flags)
{
	int fd = openat(state_dir, "log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0600);

	return fd < 0 ? -errno : fd;
}

int log_open(struct log *log, int state_dir)
{
	log->state_dir = state_dir;
	log->fd = open_log(state_dir, 0);
	if (log->fd < 0)
		return log->fd;
	log->size = (uint64_t)lseek(log->fd, 0, SEEK_END);
	return 0;
}

/* The helper reads what is left of the old file before it turns to the new one. */
static void rotate(struct log *log)
{
	int fd;

	if (renameat(log->state_dir, "log", log->state_dir, "log.1") < 0)
		return;
	fd = open_log(log->state_dir, O_TRUNC);
	if (fd < 0)
		return; /* goes on in the old file, which at least is readable */
	(void)close(log->fd);
	log->fd = fd;
	log->size = 0;
}

static bool write_whole(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

void log_stamp(struct log *log)
{
	struct timespec now;
	struct tm utc;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &utc);
	(void)snprintf(log->time, sizeof(log->time), "%04d-%02d-%02dT%02d:%02d:%02d.%09ldZ", utc.tm_year + 1900,
		utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec);
}

static char *put(char *to, const char *text, size_t size)
{
	memcpy(to, text, size);
	return to + size;
}

static size_t write_prefix(const struct log *log, char *to, const char *stream, bool whole)
{
	char *at = put(to, log->time, strlen(log->time));

	*at++ = ' ';
	at = put(at, stream, strlen(stream));
	at = put(at, whole ? " F " : " P ", 3);
	return (size_t)(at - to);
}

/* Says what is missing, as a line of the log itself. */
static void note_loss(struct log *log)
{
	char note[2 * PREFIX_LIMIT];
	size_t size = write_prefix(log, note, "stderr", true);

	size += (size_t)snprintf(
		note + size, PREFIX_LIMIT, "[%llu bytes of log lost: no room]\n", (unsigned long long)log->lost);
	if (write_whole(log->fd, note, size)) {
		log->size += size;
		log->lost = 0;
	}
}

void log_flush(struct log *log)
{
	if (!log->pending || log->fd < 0)
		return;
	if (log->size + log->pending > LOG_LIMIT)
		rotate(log);
	if (log->lost)
		note_loss(log);
	if (!log->lost && write_whole(log->fd, log->bytes, log->pending)) {
		log->size += log->pending;
	} else {
		(void)!ftruncate(log->fd, (off_t)log->size); /* no half lines */
		log->lost += log->pending;
	}
	log->pending = 0;
	log->grew = true;
}

void log_add(struct log *log, const char *stream, bool whole, const char *text, size_t size)
{
	if (log->pending + PREFIX_LIMIT + size + 1 > sizeof(log->bytes))
		log_flush(log);
	log->pending += write_prefix(log, log->bytes + log->pending, stream, whole);
	memcpy(log->bytes + log->pending, text, size);
	log->pending += size;
	log->bytes[log->pending++] = '\n';
}
