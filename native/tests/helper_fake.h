/* A helper for one connection, played by a test: it listens, starts the client as its child, and talks frames to it. */
#ifndef SLIPWAY_HELPER_FAKE_H
#define SLIPWAY_HELPER_FAKE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct fake {
	char directory[64]; /* the client's working directory; "helper.sock" lies in it */
	const char *program;
	int listener;
	int connection; /* -1 until fake_accept */
	pid_t client;
	int out; /* what the client prints, both streams */
	char printed[8192];
	size_t printed_size;

	/* the frame received last */
	uint8_t type;
	uint8_t payload[65536];
	uint32_t size;
	uint32_t at; /* how much of it has been taken */
	int fds[16];
	size_t fd_count;
};

/* Makes directory and socket. program: path of the client. */
void fake_begin(struct fake *f, const char *program);

/* Starts the client with those arguments; terminal: its standard input and output, or -1 for /dev/null and a pipe. */
void fake_run(struct fake *f, char *const arguments[], int terminal);

/* Accepts the client, expects the Varlink call, and answers with that text and its NUL. */
void fake_accept(struct fake *f, const char *reply);

/* Accepts, answers politely and takes HELLO away. */
void fake_greet(struct fake *f);

void fake_send(struct fake *f, uint8_t type, const void *payload, size_t size, int fd);

/* The same with any number of descriptors. */
void fake_send_all(struct fake *f, uint8_t type, const void *payload, size_t size, const int *fds, size_t count);

/* Receives one frame; type 0 when the client has closed or says nothing for five seconds. */
void fake_receive(struct fake *f);
uint32_t fake_u32(struct fake *f);
const char *fake_string(struct fake *f); /* good until the next call */

/* Sends EXIT if status is not negative, hangs up, and returns the client's exit status, or minus its signal. */
int fake_end(struct fake *f, int status);

/* Removes directory and socket. */
void fake_finish(struct fake *f);

#endif
