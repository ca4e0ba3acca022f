/* Hooks of the container's namespaces: createContainer before the pivot, startContainer after it. Init runs them, with
 * the state on their standard input, keeps their output, and kills them when their time is over. */
#include "launcher.h"
#include "syscalls.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#define OUTPUT_MAX (1024 * 1024)
#define STREAM_END 3
#define PIPE_ROOM (128 * 1024) /* twice what pipe(7) says */

step_function step_run_hook;

/* A running hook, seen from init. */
struct hook {
	const struct step *step;
	uint32_t number; /* of its step, on the page */
	pid_t pid;
	int pidfd;
	int input;     /* write end of its standard input */
	int output[2]; /* read ends of its standard output and error */
	int failed;    /* errno of its execve, if that failed */
	char *state;
	size_t state_size, state_sent;
	size_t kept[2]; /* of output and errors: a flood on one leaves the other's room alone */
};

static uint64_t milliseconds(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* One frame of the file "hooks", by one write, so that frames of different writers do not mix. */
static void write_frame(struct context *c, const struct hook *h, uint8_t stream, const void *bytes, uint32_t size)
{
	struct {
		uint32_t step;
		uint8_t kind, stream;
		uint16_t position;
		uint32_t size;
	} head = {h->number, (uint8_t)h->step->field[0].u, stream, (uint16_t)h->step->field[1].u, size};
	struct iovec parts[2] = {{&head, sizeof head}, {(void *)bytes, size}};

	_Static_assert(sizeof head == 12, "docs/protocols.md section 7");
	if (c->hooks >= 0)
		(void)!writev(c->hooks, parts, 2); /* a full disk takes the output, not the hook's result */
}

/* In the child, from here to execve. */
static void become_hook(const struct step *s, const int stream[3], int report)
{
	const char **args = s->field[3].l.at, **env = s->field[4].l.at;
	int error;

	(void)setsid();
	(void)umask(022);
	for (int i = 0; i < 3; i++)
		if (dup2(stream[i], i) < 0)
			_exit(126);
	/* the pipe for a failed execve is close-on-exec, as everything that is not 0 to 2 becomes now */
	if (sys_close_range(3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) < 0)
		_exit(126);
	(void)execve(s->field[2].s, (char *const *)args, (char *const *)env);
	error = errno;
	(void)!write(report, &error, sizeof error);
	_exit(127);
}

static void close_pair(int pair[2])
{
	close_descriptor(&pair[0]);
	close_descriptor(&pair[1]);
}

/* Starts the hook and waits until it is executed, or could not be. */
static int start_hook(struct hook *h)
{
	int pipes[4][2] = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}}; /* input, output, error, failed execve */
	int r = 0;

	for (int i = 0; i < 4 && r == 0; i++)
		if (pipe2(pipes[i], O_CLOEXEC) < 0)
			r = -errno;
	if (r == 0) {
		h->pid = fork();
		if (h->pid < 0)
			r = -errno;
	}
	if (h->pid == 0 && r == 0) {
		/* above the standard streams, which a container without streams may not have open */
		int stream[3] = {fcntl(pipes[0][0], F_DUPFD_CLOEXEC, 10), fcntl(pipes[1][1], F_DUPFD_CLOEXEC, 10),
			fcntl(pipes[2][1], F_DUPFD_CLOEXEC, 10)};

		become_hook(h->step, stream, fcntl(pipes[3][1], F_DUPFD_CLOEXEC, 10));
	}
	if (r == 0) {
		close_descriptor(&pipes[0][0]);
		close_descriptor(&pipes[1][1]);
		close_descriptor(&pipes[2][1]);
		close_descriptor(&pipes[3][1]);
		if (read(pipes[3][0], &h->failed, sizeof h->failed) != sizeof h->failed)
			h->failed = 0;
		h->pidfd = sys_pidfd_open(h->pid);
		h->input = pipes[0][1];
		h->output[0] = pipes[1][0];
		h->output[1] = pipes[2][0];
		(void)fcntl(h->input, F_SETFL, O_NONBLOCK);
		(void)fcntl(h->output[0], F_SETFL, O_NONBLOCK);
		(void)fcntl(h->output[1], F_SETFL, O_NONBLOCK);
		pipes[0][1] = pipes[1][0] = pipes[2][0] = -1;
	}
	for (int i = 0; i < 4; i++)
		close_pair(pipes[i]);
	return r;
}

/* Sends what fits of the state; a hook that does not read it is no failure. */
static void feed(struct hook *h)
{
	ssize_t n = write(h->input, h->state + h->state_sent, h->state_size - h->state_sent);

	if (n > 0)
		h->state_sent += (size_t)n;
	if (h->state_sent == h->state_size || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_descriptor(&h->input);
}

/* Keeps what there is to read, as much as a pipe holds and not more: one that never stops writing must not keep us from
 * its time limit. False at the end. */
static bool drain(struct context *c, struct hook *h, int which)
{
	char bytes[4096];

	for (size_t taken = 0; taken < PIPE_ROOM; taken += sizeof bytes) {
		ssize_t n = read(h->output[which], bytes, sizeof bytes);
		size_t keep;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		if (n == 0)
			return false;
		keep = (size_t)n < OUTPUT_MAX - h->kept[which] ? (size_t)n : OUTPUT_MAX - h->kept[which];
		h->kept[which] += keep;
		if (keep > 0)
			write_frame(c, h, (uint8_t)(which + 1), bytes, (uint32_t)keep);
	}
	return true;
}

/* Until the hook has ended or its time is over; what it left running does not hold us up. Returns 0 or -ETIMEDOUT. */
static int follow_hook(struct context *c, struct hook *h)
{
	uint64_t limit = h->step->field[5].q, begin = milliseconds();

	for (;;) {
		struct pollfd wait[4] = {{.fd = h->pidfd, .events = POLLIN}, {.fd = h->input, .events = POLLOUT},
			{.fd = h->output[0], .events = POLLIN}, {.fd = h->output[1], .events = POLLIN}};
		uint64_t gone = milliseconds() - begin;
		int timeout = -1;

		if (limit > 0) {
			if (gone >= limit)
				return -ETIMEDOUT;
			timeout = limit - gone > 60000 ? 60000 : (int)(limit - gone);
		}
		if (poll(wait, 4, timeout) < 0 && errno != EINTR)
			return -errno;
		if (wait[1].revents & (POLLOUT | POLLERR))
			feed(h);
		for (int i = 0; i < 2; i++)
			if (wait[2 + i].revents && !drain(c, h, i))
				close_descriptor(&h->output[i]);
		if (wait[0].revents) {
			for (int i = 0; i < 2; i++)
				if (h->output[i] >= 0)
					(void)drain(c, h, i);
			return 0;
		}
	}
}

/* Nothing of a hook that ran out of time goes on: in a pid namespace of our own there is nobody else. */
static void kill_hook(struct context *c, const struct hook *h)
{
	if (c->own_pid_namespace)
		(void)kill(-1, SIGKILL);
	else
		(void)kill(-h->pid, SIGKILL);
	(void)kill(h->pid, SIGKILL); /* before it had a session of its own */
}

static int32_t reap(const struct context *c, const struct hook *h)
{
	siginfo_t end = {0};

	while (waitid(P_PID, (id_t)h->pid, &end, WEXITED) < 0 && errno == EINTR)
		;
	/* the first process of a namespace inherits orphans; the program should not find their remains */
	while (c->own_pid_namespace && waitpid(-1, NULL, WNOHANG) > 0)
		;
	return end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
}

static char *state_with_pid(const struct step *s, size_t *ret_size)
{
	size_t room = strlen(s->field[6].s) + strlen(s->field[7].s) + 16;
	char *state = malloc(room);

	/* as seen by the container: runtime.md, State */
	if (state)
		*ret_size = (size_t)snprintf(state, room, "%s%d%s", s->field[6].s, (int)getpid(), s->field[7].s);
	return state;
}

static int judge(struct context *c, const struct hook *h, int followed, int32_t status)
{
	const char *path = h->step->field[2].s;

	if (h->failed)
		return fail(c, -h->failed, "execute hook '%s'", path);
	if (followed == -ETIMEDOUT)
		return fail(c, followed, "wait for hook '%s', which took longer than %llu ms", path,
			(unsigned long long)h->step->field[5].q);
	if (followed < 0)
		return fail(c, followed, "wait for hook '%s'", path);
	if (status > 128)
		return fail(c, -ECHILD, "run hook '%s', which died of signal %d", path, status - 128);
	return status ? fail(c, -ECHILD, "run hook '%s', which ended with status %d", path, status) : 0;
}

int step_run_hook(struct context *c, const struct step *s)
{
	struct hook h = {.step = s, .pid = -1, .pidfd = -1, .input = -1, .output = {-1, -1}};
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	struct __attribute__((packed)) {
		int32_t status;
		uint64_t nanoseconds;
	} end;
	uint64_t begin = milliseconds();
	int r;

	h.number = s->index + (c->running->kind == PLAN_START ? c->page->create_steps : 0);
	h.state = state_with_pid(s, &h.state_size);
	if (!h.state)
		return fail(c, -ENOMEM, "run hook '%s'", s->field[2].s);
	r = start_hook(&h);
	if (r < 0) {
		free(h.state);
		return fail(c, r, "start hook '%s'", s->field[2].s);
	}
	(void)sigaction(SIGPIPE, &ignore, &before); /* after the fork: the hook does not inherit it */
	r = h.failed ? 0 : follow_hook(c, &h);
	if (r < 0)
		kill_hook(c, &h);
	end.status = reap(c, &h);
	(void)sigaction(SIGPIPE, &before, NULL);
	c->value = (uint32_t)end.status;
	if (h.failed)
		end.status = -h.failed;
	end.nanoseconds = (milliseconds() - begin) * 1000000;
	write_frame(c, &h, STREAM_END, &end, sizeof end);
	free(h.state);
	close_descriptor(&h.pidfd);
	close_descriptor(&h.input);
	close_pair(h.output);
	return judge(c, &h, r, (int32_t)c->value);
}
