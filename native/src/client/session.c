#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

/* Bytes on their way in one direction of the console: read only when empty, so a slow reader slows the writer down. */
struct relay {
	char bytes[4096];
	size_t start;
	size_t end;
};

struct session {
	int socket;
	int signals;
	int console; /* master of the pseudoterminal, -1 without one */
	bool input_ended;
	struct relay input;  /* our standard input to the console */
	struct relay output; /* the console to our standard output */
	struct spawned spawned;
};

int watch_signals(void)
{
	static const int forwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, SIGTSTP};
	sigset_t set;
	int fd;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(*forwarded); i++) {
		struct sigaction now;

		/* what the caller has us ignore (nohup, a job in the background) stays ignored */
		if (sigaction(forwarded[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			(void)sigaddset(&set, forwarded[i]);
	}
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static int write_all(int fd, const uint8_t *bytes, size_t count)
{
	while (count > 0) {
		ssize_t n = write(fd, bytes, count);

		if (n < 0 && errno == EAGAIN) {
			/* whoever gave us the stream made it non-blocking */
			(void)poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		count -= (size_t)n;
	}
	return 0;
}

/* ---- the console ---- */

static void end_console(struct session *s)
{
	leave_raw_mode();
	if (s->console >= 0)
		(void)close(s->console);
	s->console = -1;
}

static void pass_size_on(const struct session *s)
{
	struct buffer b = {0};
	uint16_t rows, columns;

	if (!terminal_size(&rows, &columns))
		return;
	if (s->console >= 0) {
		(void)ioctl(s->console, TIOCSWINSZ, &(struct winsize){.ws_row = rows, .ws_col = columns});
		return;
	}
	put_u16(&b, rows);
	put_u16(&b, columns);
	(void)send_frame(s->socket, FRAME_RESIZE, &b, NULL, 0);
	free_buffer(&b);
}

static int begin_console(struct session *s, struct frame *f)
{
	if (f->fd_count != 1 || s->console >= 0)
		return -EBADMSG;
	s->console = f->fds[0];
	f->fds[0] = -1;
	(void)fcntl(s->console, F_SETFL, O_NONBLOCK);
	pass_size_on(s);
	enter_raw_mode();
	return 0;
}

static bool is_empty(const struct relay *r)
{
	return r->start == r->end;
}

/* Returns false at the end of the stream. */
static bool fill(struct relay *r, int fd)
{
	ssize_t n = read(fd, r->bytes, sizeof(r->bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	r->start = 0;
	r->end = n > 0 ? (size_t)n : 0;
	return n > 0; /* a master whose slaves are all closed says EIO */
}

static bool drain(struct relay *r, int fd)
{
	ssize_t n = write(fd, r->bytes + r->start, r->end - r->start);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	r->start += (size_t)n;
	return true;
}

/* Our input ended, as in `echo date | slipway run …`: to a program on a terminal that is what the user types. */
static void type_end_of_file(struct session *s)
{
	struct termios t;

	s->input_ended = true;
	s->input.bytes[0] = tcgetattr(s->console, &t) == 0 ? (char)t.c_cc[VEOF] : '\4';
	s->input.start = 0;
	s->input.end = 1;
}

/* What the program wrote last still lies in the terminal when its exit status arrives. */
static void flush_console(struct session *s)
{
	while (s->console >= 0 && (!is_empty(&s->output) || fill(&s->output, s->console)) && !is_empty(&s->output))
		if (write_all(STDOUT_FILENO, (const uint8_t *)s->output.bytes + s->output.start,
			    s->output.end - s->output.start) < 0)
			break;
		else
			s->output.start = s->output.end;
	end_console(s);
}

/* ---- signals ---- */

static void forward_signal(struct session *s)
{
	struct signalfd_siginfo got;
	struct buffer b = {0};

	if (read(s->signals, &got, sizeof(got)) != sizeof(got))
		return;
	if (got.ssi_signo == SIGTSTP) { /* stop as any program does, the terminal as it was */
		leave_raw_mode();
		(void)raise(SIGSTOP);
		if (s->console >= 0)
			enter_raw_mode();
		pass_size_on(s);
		return;
	}
	if (got.ssi_signo == SIGWINCH)
		pass_size_on(s);
	put_u32(&b, got.ssi_signo);
	(void)send_frame(s->socket, FRAME_SIGNAL, &b, NULL, 0); /* a helper that is gone shows when we read */
	free_buffer(&b);
}

/* ---- frames ---- */

/* Returns 0 to go on, 1 after EXIT, or -errno. */
static int serve_frame(struct session *s, struct frame *f, uint32_t *ret_status)
{
	if (f->fd_count > (f->type == FRAME_SPAWN ? FRAME_DESCRIPTORS : 1))
		return -EBADMSG;
	switch (f->type) {
	case FRAME_OUT:
	case FRAME_ERR:
		/* output that nobody takes is no reason to leave the command alone */
		(void)write_all(f->type == FRAME_OUT ? STDOUT_FILENO : STDERR_FILENO, f->payload, f->length);
		return 0;
	case FRAME_EXIT:
		return take_u32(f, ret_status) < 0 || taken_whole(f) < 0 ? -EBADMSG : 1;
	case FRAME_CONSOLE:
		return begin_console(s, f);
	case FRAME_SPAWN:
		return serve_spawn(s->socket, f, &s->spawned);
	default:
		return serve_request(s->socket, f);
	}
}

static int receive_and_serve(struct session *s, uint32_t *ret_status)
{
	struct frame f;
	int r = receive_frame(s->socket, &f);

	if (r < 0)
		return r;
	r = serve_frame(s, &f, ret_status);
	free_frame(&f);
	return r;
}

enum { SOCKET, SIGNALS, CONSOLE, INPUT, OUTPUT, WATCHED };

static void relay_console(struct session *s, const struct pollfd *ready)
{
	if (ready[OUTPUT].revents && !drain(&s->output, STDOUT_FILENO))
		s->output.start = s->output.end;
	if ((ready[CONSOLE].revents & POLLOUT) && !drain(&s->input, s->console))
		s->input.start = s->input.end;
	if (ready[INPUT].revents && !fill(&s->input, STDIN_FILENO))
		type_end_of_file(s);
	/* the end of the console comes last: POLLHUP may stand beside bytes that are still to be read */
	if ((ready[CONSOLE].revents & ~POLLOUT) && is_empty(&s->output) && !fill(&s->output, s->console))
		end_console(s);
}

static void wait_for_something(struct session *s, struct pollfd *ready)
{
	bool on = s->console >= 0;
	short console = (short)((is_empty(&s->output) ? POLLIN : 0) | (is_empty(&s->input) ? 0 : POLLOUT));

	ready[SOCKET] = (struct pollfd){.fd = s->socket, .events = POLLIN};
	ready[SIGNALS] = (struct pollfd){.fd = s->signals, .events = POLLIN};
	/* with nothing to ask for it is left out: a hang-up is reported unasked and would make us spin */
	ready[CONSOLE] = (struct pollfd){.fd = on && console ? s->console : -1, .events = console};
	ready[INPUT] = (struct pollfd){
		.fd = on && !s->input_ended && is_empty(&s->input) ? STDIN_FILENO : -1, .events = POLLIN};
	ready[OUTPUT] = (struct pollfd){.fd = is_empty(&s->output) ? -1 : STDOUT_FILENO, .events = POLLOUT};
	while (poll(ready, WATCHED, -1) < 0 && errno == EINTR)
		;
}

int run_session(int socket, int signals)
{
	struct session s = {.socket = socket, .signals = signals, .console = -1};
	uint32_t status = 0;
	int r = 0;

	while (r == 0) {
		struct pollfd ready[WATCHED];

		wait_for_something(&s, ready);
		if (ready[SIGNALS].revents)
			forward_signal(&s);
		relay_console(&s, ready);
		if (ready[SOCKET].revents)
			r = receive_and_serve(&s, &status);
	}
	if (r > 0)
		flush_console(&s);
	end_console(&s);
	end_spawned(&s.spawned, r > 0 && status == 0);
	if (r == -EPIPE)
		return complain("the helper went away before the command was finished");
	if (r < 0)
		return complain("the helper's answer is not understood: %s", strerror(-r));
	return status > 255 ? 255 : (int)status;
}
