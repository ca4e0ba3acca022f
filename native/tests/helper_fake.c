#include "helper_fake.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 5000 };

static void must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "cannot %s: %s\n", what, strerror(errno));
	abort();
}

void fake_begin(struct fake *f, const char *program)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int plain;

	*f = (struct fake){.program = program, .connection = -1, .client = -1, .out = -1};
	(void)strcpy(f->directory, "/tmp/slipway-client-XXXXXX");
	must(mkdtemp(f->directory) != NULL, "make a directory");
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/helper.sock", f->directory);
	plain = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	f->listener = fcntl(plain, F_DUPFD_CLOEXEC, 10); /* 3 and 4 are for descriptors that tests preserve */
	(void)close(plain);
	must(bind(f->listener, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	must(listen(f->listener, 4) == 0, "listen");
	(void)setenv("SLIPWAY_SOCKET", address.sun_path, 1);
}

void fake_run(struct fake *f, char *const arguments[], int terminal)
{
	char *argv[16] = {(char *)"slipway"};
	int pipes[2];

	for (int i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	must(pipe2(pipes, O_CLOEXEC) == 0, "make a pipe");
	f->printed_size = 0;
	f->client = fork();
	if (f->client == 0) {
		int in = terminal >= 0 ? terminal : open("/dev/null", O_RDONLY);

		(void)setsid();
		(void)dup2(in, 0);
		(void)dup2(terminal >= 0 ? terminal : pipes[1], 1);
		(void)dup2(pipes[1], 2);
		(void)!chdir(f->directory);
		(void)execv(f->program, argv);
		_exit(99);
	}
	(void)close(pipes[1]);
	f->out = pipes[0];
}

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, PATIENCE) == 1;
}

void fake_accept(struct fake *f, const char *reply)
{
	static const char call[] = "{\"method\":\"org.slipway.Helper.Command\",\"upgrade\":true}";
	char got[sizeof(call) + 1] = "";

	must(readable(f->listener), "see the client connect");
	f->connection = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC);
	must(f->connection >= 0, "accept");
	for (size_t n = 0; n < sizeof(call) && readable(f->connection); n++)
		if (recv(f->connection, got + n, 1, 0) != 1)
			break;
	CHECK(memcmp(got, call, sizeof(call)) == 0);
	CHECK_EQUAL(send(f->connection, reply, strlen(reply) + 1, MSG_NOSIGNAL), strlen(reply) + 1);
}

void fake_greet(struct fake *f)
{
	fake_accept(f, "{\"parameters\":{}}");
	fake_receive(f);
	CHECK_EQUAL(f->type, 1);
	/* one held here would hide the end of what the client prints */
	for (size_t i = 0; i < f->fd_count; i++)
		(void)close(f->fds[i]);
}

void fake_send(struct fake *f, uint8_t type, const void *payload, size_t size, int fd)
{
	fake_send_all(f, type, payload, size, &fd, fd >= 0);
}

void fake_send_all(struct fake *f, uint8_t type, const void *payload, size_t size, const int *fds, size_t count)
{
	uint8_t header[5];
	uint32_t follow = (uint32_t)size + 1;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(f->fds))] = {0};
	struct iovec io[2] = {{header, sizeof(header)}, {(void *)payload, size}};
	struct msghdr m = {.msg_iov = io, .msg_iovlen = 2};

	memcpy(header, &follow, 4);
	header[4] = type;
	if (count) {
		m.msg_control = control;
		m.msg_controllen = CMSG_SPACE(count * sizeof(int));
		CMSG_FIRSTHDR(&m)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&m)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&m)->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&m)), fds, count * sizeof(int));
	}
	CHECK_EQUAL(sendmsg(f->connection, &m, MSG_NOSIGNAL), size + 5);
}

void fake_receive(struct fake *f)
{
	uint8_t header[5];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(f->fds))];
	struct iovec io = {header, sizeof(header)};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	uint32_t follow;

	f->type = 0;
	f->size = f->at = 0;
	f->fd_count = 0;
	if (!readable(f->connection) || recvmsg(f->connection, &m, MSG_WAITALL | MSG_CMSG_CLOEXEC) != 5)
		return;
	if (m.msg_controllen >= CMSG_LEN(0)) {
		f->fd_count = (CMSG_FIRSTHDR(&m)->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(f->fds, CMSG_DATA(CMSG_FIRSTHDR(&m)), f->fd_count * sizeof(int));
	}
	memcpy(&follow, header, 4);
	must(follow >= 1 && follow <= sizeof(f->payload), "understand the length of a frame");
	f->size = follow - 1;
	must(f->size == 0 || recv(f->connection, f->payload, f->size, MSG_WAITALL) == (ssize_t)f->size, "read a frame");
	f->type = header[4];
}

uint32_t fake_u32(struct fake *f)
{
	uint32_t value = 0;

	if (CHECK(f->size - f->at >= 4)) {
		memcpy(&value, f->payload + f->at, 4);
		f->at += 4;
	}
	return value;
}

const char *fake_string(struct fake *f)
{
	static char text[4096];
	uint32_t size = fake_u32(f);

	if (!CHECK(size < sizeof(text) && f->size - f->at >= size))
		return "";
	memcpy(text, f->payload + f->at, size);
	text[size] = '\0';
	f->at += size;
	return text;
}

int fake_end(struct fake *f, int status)
{
	int waited;
	ssize_t n;

	if (status >= 0)
		fake_send(f, 4, &(uint32_t){(uint32_t)status}, 4, -1);
	if (f->connection >= 0)
		(void)close(f->connection);
	f->connection = -1;
	while (readable(f->out) &&
		(n = read(f->out, f->printed + f->printed_size, sizeof(f->printed) - 1 - f->printed_size)) > 0)
		f->printed_size += (size_t)n;
	f->printed[f->printed_size] = '\0';
	(void)close(f->out);
	(void)waitpid(f->client, &waited, 0);
	return WIFEXITED(waited) ? WEXITSTATUS(waited) : -WTERMSIG(waited);
}

void fake_finish(struct fake *f)
{
	char command[128];

	(void)close(f->listener);
	(void)snprintf(command, sizeof(command), "rm -rf %s", f->directory);
	must(system(command) == 0, "remove the directory");
}
