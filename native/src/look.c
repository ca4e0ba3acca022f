/* Kernel parameters belong to namespaces: what a container's hold is seen from inside alone. Its mounts are not entered. */
#include "look.h"
#include "control.h"
#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { PROCESS = 0, HELPER_SOCKET = 1 };

static int answer(enum packet_kind kind, int error, const char *text, size_t size)
{
	struct packet packet = {.kind = kind, .error = error};

	memcpy(packet.text, text, size);
	return packet_send(HELPER_SOCKET, &packet, size, -1);
}

/* Longer values are cut off; none that a configuration sets is. */
static int tell(int sys, const char *path)
{
	char text[sizeof((struct packet *)NULL)->text];
	int fd = open_proc(sys, path, O_RDONLY);
	ssize_t n = fd < 0 ? fd : read(fd, text, sizeof text);

	if (fd >= 0 && n < 0)
		n = -errno;
	if (fd >= 0)
		(void)close(fd);
	return n < 0 ? answer(PACKET_FAILED, (int)-n, "", 0) : answer(PACKET_VALUE, 0, text, (size_t)n);
}

int look_main(int argc, char **argv)
{
	int sys = open_host("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int namespaces = (int)strtol(argv[2], NULL, 10);

	(void)prctl(PR_SET_NAME, "slipway-look");
	if (sys < 0)
		return answer(PACKET_FAILED, -sys, "", 0) < 0;
	if (namespaces && setns(PROCESS, namespaces) < 0)
		return answer(PACKET_FAILED, errno, "", 0) < 0;
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	for (int i = 3; i < argc; i++)
		if (tell(sys, argv[i]) < 0)
			return 1;
	return 0;
}
