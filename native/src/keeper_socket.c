#include "control.h"
#include "keeper.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#ifndef SIOCOUTQ
#define SIOCOUTQ TIOCOUTQ /* linux/sockios.h, which clashes with musl's headers */
#endif

void doors_init(struct doors *d)
{
	d->listener = -1;
	for (int i = 0; i < MAX_CLIENTS; i++)
		d->clients[i] = -1;
}

void doors_close(struct doors *d)
{
	close_descriptor(&d->listener);
	for (int i = 0; i < MAX_CLIENTS; i++)
		close_descriptor(&d->clients[i]);
}

int doors_open(struct doors *d, int state_dir)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "keeper.sock"};
	mode_t before;
	int r = 0;

	d->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* by a relative name: the directory's own may be longer than an address */
	if (d->listener < 0 || fchdir(state_dir) < 0)
		return -errno;
	before = umask(0177);
	if (bind(d->listener, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(d->listener, MAX_CLIENTS) < 0)
		r = -errno;
	(void)umask(before);
	return chdir("/") < 0 && r >= 0 ? -errno : r;
}

static void accept_client(struct doors *d)
{
	int client = accept4(d->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (client < 0)
		return;
	for (int i = 0; i < MAX_CLIENTS; i++) {
		if (d->clients[i] >= 0)
			continue;
		/* mode 0600 says so too; a person in a container with our number in another user namespace is nobody here */
		if (getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.uid != geteuid())
			break;
		d->clients[i] = client;
		return;
	}
	(void)close(client);
}

static void serve_client(int *client, struct streams *s)
{
	struct packet p;
	int passed = -1;
	int size = packet_receive(*client, &p, &passed);

	close_descriptor(&passed);
	if (size == -EAGAIN)
		return;
	if (size < 0) {
		close_descriptor(client);
		return;
	}
	switch (p.kind) {
	case PACKET_INPUT:
		input_add(s, p.text, (size_t)size);
		break;
	case PACKET_CLOSE_INPUT:
		input_close(s);
		break;
	case PACKET_RESIZE:
		input_resize(s, (uint16_t)p.value, (uint16_t)p.step);
		break;
	default: /* of a newer helper, which finds out by the missing effect */
		break;
	}
}

void doors_watch(const struct doors *d, const struct streams *s, struct pollfd *watches)
{
	/* input that the program does not take stays with its sender, as on a pipe */
	short events = input_room(s) >= sizeof(((struct packet *)0)->text) ? POLLIN : 0;

	watches[WATCH_LISTENER] = (struct pollfd){.fd = d->listener, .events = POLLIN};
	for (int i = 0; i < MAX_CLIENTS; i++)
		watches[WATCH_CLIENTS + i] = (struct pollfd){.fd = d->clients[i], .events = events};
}

void doors_serve(struct doors *d, struct streams *s, const struct pollfd *watches)
{
	for (int i = 0; i < MAX_CLIENTS; i++) {
		short got = watches[WATCH_CLIENTS + i].revents;

		if ((got & POLLIN) && input_room(s) >= sizeof(((struct packet *)0)->text))
			serve_client(&d->clients[i], s);
		else if (got & (POLLHUP | POLLERR))
			close_descriptor(&d->clients[i]);
	}
	if (watches[WATCH_LISTENER].revents)
		accept_client(d);
}

void doors_ring(struct doors *d)
{
	const struct packet bell = {.kind = PACKET_LOG, .value = 1};

	for (int i = 0; i < MAX_CLIENTS; i++) {
		int waiting = 0;

		if (d->clients[i] >= 0 && ioctl(d->clients[i], SIOCOUTQ, &waiting) == 0 && waiting == 0)
			(void)packet_send(d->clients[i], &bell, 0, -1);
	}
}
