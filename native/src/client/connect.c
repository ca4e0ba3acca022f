#include "client.h"

#include <errno.h>
#include <limits.h>
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

/* The value of a member, which is a plain name of less than 64 bytes; NULL if there is none. */
static const char *value_of(const char *reply, const char *member, char *ret_value)
{
	const char *at = strstr(reply, member);
	size_t length;

	if (!at)
		return NULL;
	at += strlen(member);
	at += strspn(at, " \t\r\n:");
	length = *at == '"' ? strcspn(++at, "\"") : 64;
	if (length >= 64)
		return "unknown";
	memcpy(ret_value, at, length);
	ret_value[length] = '\0';
	return ret_value;
}

/* Returns the socket, NO_HELPER when the next place is to be tried, or REFUSED. */
static int try_place(const char *path, bool last, int *ret_errno)
{
	char reply[16 * 1024], error_name[64], code_name[64];
	int fd = connect_to(path);
	const char *error, *code;
	int r;

	if (fd < 0) {
		*ret_errno = -fd;
		return NO_HELPER;
	}
	/* who is refused may find the other end closed already, and the reason waiting */
	(void)send(fd, REQUEST, sizeof(REQUEST), MSG_NOSIGNAL);
	r = read_reply(fd, reply, sizeof(reply));
	code = r < 0 ? NULL : value_of(reply, "\"code\"", code_name);
	error = r < 0 ? NULL : value_of(reply, "\"error\"", error_name);
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
	if (strcmp(error, NOT_ALLOWED) == 0 && code && strncmp(code, "peer-", 5) == 0)
		(void)complain("permission denied: the helper at %s does not serve this process (%s)", path, code);
	else if (strcmp(error, NOT_ALLOWED) == 0)
		(void)complain("permission denied: the helper at %s takes commands from its administrators only", path);
	else
		(void)complain("the helper at %s refused the command: %s", path, error);
	return REFUSED;
}

/* Whether a directory is, or was, a helper's runtime directory: its lock stays when it ends. */
static bool is_runtime_directory(const char *root)
{
	char lock[PATH_MAX];
	int n = snprintf(lock, sizeof(lock), "%s/lock", root);

	return n > 0 && (size_t)n < sizeof(lock) && access(lock, F_OK) == 0;
}

#define MOST_PLACES 4

struct places {
	const char *path[MOST_PLACES];
	int count;
	char made[MOST_PLACES][PATH_MAX];
};

static void add_directory(struct places *p, const char *directory, bool confined)
{
	static const char *const names[] = {"admin.sock", "user.sock"};

	for (int i = confined; i < 2; i++) {
		char *path = p->made[p->count];

		if (snprintf(path, PATH_MAX, "%s/%s", directory, names[i]) < PATH_MAX)
			p->path[p->count++] = path;
	}
}

static void choose_places(struct places *p, const char *root, bool confined)
{
	const char *given = getenv("SLIPWAY_SOCKET");
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char own[PATH_MAX];

	p->count = 0;
	if (root && is_runtime_directory(root)) {
		add_directory(p, root, confined);
	} else if (given && *given) {
		p->path[p->count++] = given;
	} else {
		/* with confined whatever else would let us in: less is asked for, not the most there is */
		add_directory(p, "/run/slipway", confined);
		if (!confined && runtime && *runtime == '/' &&
			snprintf(own, sizeof(own), "%s/slipway", runtime) < (int)sizeof(own))
			add_directory(p, own, false);
	}
}

int connect_helper(const char *root, bool confined, const char **ret_place, int *ret_errno)
{
	static struct places places;

	choose_places(&places, root, confined);
	*ret_place = places.path[0];
	*ret_errno = ENOENT;
	for (int i = 0; i < places.count; i++) {
		int why = ENOENT;
		int fd = try_place(places.path[i], i + 1 == places.count, &why);

		if (fd != NO_HELPER)
			return fd;
		if (why != ENOENT) { /* of several reasons the most telling one */
			*ret_place = places.path[i];
			*ret_errno = why;
		}
	}
	return NO_HELPER;
}
