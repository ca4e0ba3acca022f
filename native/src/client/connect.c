#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NO_HELPER = -1, REFUSED = -2 };

static const char REQUEST[] = "{\"method\":\"org.slipway.Helper.Command\",\"upgrade\":true}"; /* and its NUL */
static const char NOT_ALLOWED[] = "org.slipway.Helper.NotAllowed";

/* Our command goes only to a helper of root, or to one of our own: another person's socket would get our files. */
static int check_peer(int socket)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return -errno;
	return peer.uid == 0 || peer.uid == geteuid() ? 0 : -EPERM;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	r = connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : check_peer(fd);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	return fd;
}

/* Reads the reply to its NUL and not a byte further: what follows may be a frame with descriptors. */
static int read_reply(int socket, char *text, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t n = recv(socket, text + length, size - length, MSG_PEEK);
		char *end = n > 0 ? memchr(text + length, 0, (size_t)n) : NULL;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || errno == ECONNRESET ? -EPIPE : -errno;
		if (end)
			n = end - (text + length) + 1;
		if (recv(socket, text + length, (size_t)n, MSG_WAITALL) != n)
			return -EPIPE;
		length += (size_t)n;
		if (end)
			return 0;
	}
	return -EMSGSIZE;
}

/* The value of a member "error", which is a plain name; NULL if there is none. Changes the text. */
static const char *error_in(char *reply)
{
	char *at = strstr(reply, "\"error\"");

	if (!at)
		return NULL;
	at += strlen("\"error\"");
	at += strspn(at, " \t\r\n:");
	if (*at != '"')
		return "unknown";
	at++;
	at[strcspn(at, "\"")] = '\0';
	return at;
}

/* Returns the socket, NO_HELPER when the next place is to be tried, or REFUSED. */
static int try_place(const char *path, bool last, int *ret_errno)
{
	char reply[16 * 1024];
	int fd = connect_to(path);
	const char *error;
	int r;

	if (fd < 0) {
		*ret_errno = -fd;
		return NO_HELPER;
	}
	r = send(fd, REQUEST, sizeof(REQUEST), MSG_NOSIGNAL) == (ssize_t)sizeof(REQUEST) ? 0 : -EPIPE;
	if (r >= 0)
		r = read_reply(fd, reply, sizeof(reply));
	error = r < 0 ? NULL : error_in(reply);
	if (r >= 0 && !error && reply[0] == '{')
		return fd;
	(void)close(fd);
	if (r >= 0 && reply[0] != '{') {
		(void)complain("what answers at %s is no helper of Slipway", path);
		return REFUSED;
	}
	if (r < 0) {
		(void)complain("the helper at %s went away before it took the command: %s", path, strerror(-r));
		return REFUSED;
	}
	if (!last && strcmp(error, NOT_ALLOWED) == 0) {
		*ret_errno = EPERM;
		return NO_HELPER;
	}
	if (strcmp(error, NOT_ALLOWED) == 0)
		(void)complain("permission denied: the helper at %s takes commands from its administrators only", path);
	else
		(void)complain("the helper at %s refused the command: %s", path, error);
	return REFUSED;
}

int connect_helper(bool confined, const char **ret_place, int *ret_errno)
{
	static char own[2][128];
	const char *places[5] = {"/run/slipway/admin.sock", "/run/slipway/user.sock"};
	const char *given = getenv("SLIPWAY_SOCKET");
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int count = 2;

	if (given && *given) {
		places[0] = given;
		count = 1;
	} else if (confined) { /* whatever else would let us in: less is asked for, not the most there is */
		places[0] = places[1];
		count = 1;
	} else if (runtime && *runtime == '/' && strlen(runtime) < 96) {
		(void)snprintf(own[0], sizeof(own[0]), "%s/slipway/admin.sock", runtime);
		(void)snprintf(own[1], sizeof(own[1]), "%s/slipway/user.sock", runtime);
		places[count++] = own[0];
		places[count++] = own[1];
	}
	*ret_place = places[0];
	*ret_errno = ENOENT;
	for (int i = 0; i < count; i++) {
		int why = ENOENT;
		int fd = try_place(places[i], i + 1 == count, &why);

		if (fd != NO_HELPER)
			return fd;
		if (why != ENOENT) { /* of several reasons the most telling one */
			*ret_place = places[i];
			*ret_errno = why;
		}
	}
	return NO_HELPER;
}
