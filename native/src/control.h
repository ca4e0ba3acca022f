/* Packets between the processes: docs/protocols.md sections 3 and 6. */
#ifndef SLIPWAY_CONTROL_H
#define SLIPWAY_CONTROL_H

#include <stddef.h>
#include <stdint.h>

enum packet_kind {
	PACKET_SIGNAL = 1,
	PACKET_FAILED = 2,
	PACKET_CLONED = 3,
	PACKET_UNSHARED = 4,
	PACKET_GO = 16,
	PACKET_LOG = 32,
	PACKET_INPUT = 33,
	PACKET_CLOSE_INPUT = 34,
	PACKET_RESIZE = 35,
	PACKET_SOURCE = 48,  /* launcher to init only: value is a slot, its descriptor comes along */
	PACKET_NETWORK = 49, /* network role to helper only: a socket of rtnetlink comes along */
	PACKET_VALUE = 50,   /* look role to helper only: what a kernel parameter holds */
};

struct packet {
	uint32_t kind;
	uint32_t value;
	int32_t error; /* a positive errno number */
	uint32_t step;
	char text[1008];
};

#define PACKET_HEADER offsetof(struct packet, text)

/* Sends one packet with text_size bytes of text and, unless pass is -1, a descriptor. Returns 0 or -errno; a peer that
 * is gone is -EPIPE, never a signal. */
int packet_send(int fd, const struct packet *packet, size_t text_size, int pass);

/* Waits for one packet. Returns the number of bytes of its text, -ECANCELED at the end of the stream, -EBADMSG for
 * something shorter than a header, or -errno. A descriptor that came along goes to *ret_passed, close-on-exec, else -1;
 * ret_passed may be NULL, then descriptors are closed. */
int packet_receive(int fd, struct packet *ret_packet, int *ret_passed);

#endif
