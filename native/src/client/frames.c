#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	HEADER_BYTES = 5,
};

/* No honest frame is larger: the largest is PUT of a file, and a configuration has at most 64 MiB. */
#define MAX_FRAME (128U << 20)

/* ---- putting a payload together ---- */

void put_bytes(struct buffer *b, const void *bytes, size_t count)
{
	if (b->failed)
		return;
	if (b->length + count > b->capacity) {
		size_t capacity = (b->length + count) * 2 + 64;
		uint8_t *grown = realloc(b->bytes, capacity);

		if (!grown) {
			b->failed = true;
			return;
		}
		b->bytes = grown;
		b->capacity = capacity;
	}
	if (count)
		memcpy(b->bytes + b->length, bytes, count);
	b->length += count;
}

void put_u16(struct buffer *b, uint16_t value)
{
	put_bytes(b, &value, sizeof(value));
}

void put_u32(struct buffer *b, uint32_t value)
{
	put_bytes(b, &value, sizeof(value));
}

void put_string(struct buffer *b, const char *text)
{
	size_t count = strlen(text);

	put_u32(b, (uint32_t)count);
	put_bytes(b, text, count);
}

void free_buffer(struct buffer *b)
{
	free(b->bytes);
	*b = (struct buffer){0};
}

/* ---- the connection ---- */

static int send_all(int socket, const uint8_t *bytes, size_t count)
{
	while (count > 0) {
		ssize_t n = send(socket, bytes, count, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		count -= (size_t)n;
	}
	return 0;
}

static ssize_t send_header(int socket, const uint8_t header[HEADER_BYTES], const int *fds, size_t fd_count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * MAX_DESCRIPTORS)] = {0};
	struct iovec io = {.iov_base = (void *)header, .iov_len = HEADER_BYTES};
	struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1};
	ssize_t n;

	if (fd_count) {
		struct cmsghdr *c;

		message.msg_control = control;
		message.msg_controllen = (unsigned)CMSG_SPACE(sizeof(int) * fd_count); /* musl has 32 bits here */
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = (unsigned)CMSG_LEN(sizeof(int) * fd_count);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * fd_count);
	}
	do
		n = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int send_frame(int socket, enum frame_type type, const struct buffer *payload, const int *fds, size_t fd_count)
{
	uint32_t follow = (uint32_t)(payload->length + 1);
	uint8_t header[HEADER_BYTES];
	ssize_t sent;
	int r;

	if (payload->failed)
		return -ENOMEM;
	if (payload->length >= MAX_FRAME || fd_count > MAX_DESCRIPTORS)
		return -E2BIG;
	memcpy(header, &follow, sizeof(follow));
	header[4] = (uint8_t)type;
	sent = send_header(socket, header, fds, fd_count);
	if (sent < 0)
		return (int)sent;
	r = send_all(socket, header + sent, (size_t)(HEADER_BYTES - sent));
	return r < 0 ? r : send_all(socket, payload->bytes, payload->length);
}

/* Keeps the descriptors of a message. The kernel gathers all in one header, and closes what does not fit. */
static int keep_descriptors(struct msghdr *message, struct frame *f)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return 0;
	f->fd_count = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(f->fds, CMSG_DATA(c), f->fd_count * sizeof(int));
	return message->msg_flags & MSG_CTRUNC ? -EBADMSG : 0;
}

/* The header is read alone, so that descriptors which come with it are this frame's and no other's. */
static int receive_header(int socket, uint8_t header[HEADER_BYTES], struct frame *f)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(f->fds))];
	struct iovec io = {.iov_base = header, .iov_len = HEADER_BYTES};
	struct msghdr message = {
		.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	ssize_t n;
	int r;

	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n == 0 || errno == ECONNRESET ? -EPIPE : -errno;
	r = keep_descriptors(&message, f);
	if (r < 0)
		return r;
	while (n < HEADER_BYTES) {
		ssize_t more = recv(socket, header + n, (size_t)(HEADER_BYTES - n), 0);

		if (more < 0 && errno == EINTR)
			continue;
		if (more <= 0)
			return more == 0 || errno == ECONNRESET ? -EPIPE : -errno;
		n += more;
	}
	return 0;
}

static int receive_all(int socket, uint8_t *bytes, size_t count)
{
	while (count > 0) {
		ssize_t n = recv(socket, bytes, count, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || errno == ECONNRESET ? -EPIPE : -errno;
		bytes += n;
		count -= (size_t)n;
	}
	return 0;
}

int receive_frame(int socket, struct frame *ret_frame)
{
	uint8_t header[HEADER_BYTES] = {0};
	struct frame f = {0};
	uint32_t follow;
	int r = receive_header(socket, header, &f);

	memcpy(&follow, header, sizeof(follow));
	if (r >= 0 && (follow < 1 || follow > MAX_FRAME))
		r = -EBADMSG;
	if (r >= 0) {
		f.type = header[4];
		f.length = follow - 1;
		f.payload = malloc(f.length ? f.length : 1);
		r = f.payload ? receive_all(socket, f.payload, f.length) : -ENOMEM;
	}
	if (r < 0)
		free_frame(&f);
	else
		*ret_frame = f;
	return r;
}

void free_frame(struct frame *f)
{
	for (unsigned i = 0; i < f->fd_count; i++)
		if (f->fds[i] >= 0)
			(void)close(f->fds[i]);
	free(f->payload);
	*f = (struct frame){0};
}

/* ---- taking a payload apart ---- */

int take_u32(struct frame *f, uint32_t *ret_value)
{
	if (f->length - f->taken < sizeof(*ret_value))
		return -EBADMSG;
	memcpy(ret_value, f->payload + f->taken, sizeof(*ret_value));
	f->taken += (uint32_t)sizeof(*ret_value);
	return 0;
}

int take_bytes(struct frame *f, const uint8_t **ret_bytes, uint32_t *ret_count)
{
	uint32_t count;
	int r = take_u32(f, &count);

	if (r < 0 || f->length - f->taken < count)
		return -EBADMSG;
	*ret_bytes = f->payload + f->taken;
	*ret_count = count;
	f->taken += count;
	return 0;
}

int take_string(struct frame *f, char **ret_text)
{
	const uint8_t *bytes;
	uint32_t count;
	char *text;

	if (take_bytes(f, &bytes, &count) < 0 || memchr(bytes, 0, count))
		return -EBADMSG;
	text = malloc((size_t)count + 1);
	if (!text)
		return -ENOMEM;
	memcpy(text, bytes, count);
	text[count] = '\0';
	*ret_text = text;
	return 0;
}

int taken_whole(const struct frame *f)
{
	return f->taken == f->length ? 0 : -EBADMSG;
}
