/* A process of many threads does not enter a namespace; this one does, and hands out what it finds there. */
#include "network.h"
#include "control.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum { NAMESPACE = 0, HELPER_SOCKET = 1 };

static int failed(int error, const char *what)
{
	struct packet packet = {.kind = PACKET_FAILED, .error = error};
	size_t size = strlen(what);

	memcpy(packet.text, what, size);
	(void)packet_send(HELPER_SOCKET, &packet, size, -1);
	return 1;
}

int network_main(int argc, char **argv)
{
	struct packet packet = {.kind = PACKET_NETWORK};
	int fd;

	(void)argc, (void)argv;
	(void)prctl(PR_SET_NAME, "slipway-network");
	if (setns(NAMESPACE, CLONE_NEWNET) < 0)
		return failed(errno, "setns(CLONE_NEWNET)");
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (fd < 0)
		return failed(errno, "socket(AF_NETLINK)");
	return packet_send(HELPER_SOCKET, &packet, 0, fd) < 0;
}
