#include "control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

union one_descriptor {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

int packet_send(int fd, const struct packet *packet, size_t text_size, int pass)
{
	struct iovec bytes = {(void *)packet, PACKET_HEADER + text_size};
	union one_descriptor ancillary;
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
	ssize_t n;

	if (pass >= 0) {
		memset(&ancillary, 0, sizeof ancillary);
		ancillary.header.cmsg_level = SOL_SOCKET;
		ancillary.header.cmsg_type = SCM_RIGHTS;
		ancillary.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&ancillary.header), &pass, sizeof pass);
		message.msg_control = &ancillary;
		message.msg_controllen = sizeof ancillary;
	}
	do
		n = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* The first descriptor of a message; the kernel closes what did not fit. */
static int passed_descriptor(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd;

	if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
		header->cmsg_len < CMSG_LEN(sizeof(int)))
		return -1;
	memcpy(&fd, CMSG_DATA(header), sizeof fd);
	return fd;
}

int packet_receive(int fd, struct packet *ret_packet, int *ret_passed)
{
	struct iovec bytes = {ret_packet, sizeof *ret_packet};
	union one_descriptor ancillary;
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &ancillary, .msg_controllen = sizeof ancillary};
	ssize_t n;
	int passed;

	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	passed = passed_descriptor(&message);
	if (ret_passed)
		*ret_passed = passed;
	else if (passed >= 0)
		(void)close(passed);
	if (n == 0)
		return -ECANCELED;
	return (size_t)n < PACKET_HEADER ? -EBADMSG : (int)((size_t)n - PACKET_HEADER);
}
