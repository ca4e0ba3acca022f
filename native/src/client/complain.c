#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Where errors are also written: what --log and --log-format say. */
static struct {
	const char *path;
	bool json;
} log_file;

void complain_also_in(char **argv)
{
	const char *form = global_option(argv, "--log-format");

	log_file.path = global_option(argv, "--log");
	log_file.json = form && strcmp(form, "json") == 0;
}

/* A JSON string. What does not fit is left out; a character is never cut in its escape. */
static void quote(const char *text, char *quoted, size_t size)
{
	size_t at = 0;

	quoted[at++] = '"';
	for (; *text && at + 8 < size; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20)
			at += (size_t)snprintf(quoted + at, size - at, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			at += (size_t)snprintf(quoted + at, size - at, "\\%c", c);
		else
			quoted[at++] = (char)c;
	}
	quoted[at++] = '"';
	quoted[at] = '\0';
}

/* Appends the line that the helper would (docs/requirements.md, CLI-G-03). */
static int append(const char *message)
{
	char now[32], quoted[4096];
	time_t seconds = time(NULL);
	struct tm utc;
	int fd, n;

	if (!gmtime_r(&seconds, &utc) || strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		return -EOVERFLOW;
	quote(message, quoted, sizeof(quoted));
	fd = open(log_file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (log_file.json)
		n = dprintf(fd, "{\"level\":\"error\",\"msg\":%s,\"time\":\"%s\"}\n", quoted, now);
	else
		n = dprintf(fd, "time=\"%s\" level=error msg=%s\n", now, quoted);
	if (n < 0)
		n = -errno;
	(void)close(fd);
	return n < 0 ? n : 0;
}

int complain(const char *format, ...)
{
	char text[1024];
	va_list arguments;
	int r = 0;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (log_file.path)
		r = append(text);
	if (r < 0)
		(void)dprintf(STDERR_FILENO, "slipway: can't write the log '%s': %s\n", log_file.path, strerror(-r));
	(void)dprintf(STDERR_FILENO, "slipway: %s\n", text);
	return EXIT_NOT_TRIED;
}
