#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>

enum {
	PART_MILLIS = 20,    /* a prompt without line feed is logged after that */
	RESTING_MILLIS = 100 /* between looks at a terminal that nobody has open */
};

uint64_t now_millis(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void streams_init(struct streams *s)
{
	s->console = -1;
	s->output[0].fd = s->output[1].fd = s->input.fd = s->log.fd = -1;
	s->output[0].name = "stdout";
	s->output[1].name = "stderr";
}

void streams_close(struct streams *s)
{
	close_descriptor(&s->console);
	close_descriptor(&s->output[0].fd);
	close_descriptor(&s->output[1].fd);
	close_descriptor(&s->input.fd);
	close_descriptor(&s->log.fd);
}

/* ---- the step ---- */

/* A pipe whose end `ours` (0 reads, 1 writes) is the keeper's and never blocks; the other goes to the program. */
static int open_pipe(int ours, int *ret_ours, int *ret_theirs)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	*ret_ours = ends[ours];
	*ret_theirs = ends[!ours];
	return fcntl(*ret_ours, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static int open_pipes(struct context *c, struct streams *s)
{
	int r = open_pipe(1, &s->input.fd, &c->stdio[0]);

	for (int i = 0; i < 2 && r >= 0; i++)
		r = open_pipe(0, &s->output[i].fd, &c->stdio[i + 1]);
	s->input.open = r >= 0;
	return r < 0 ? fail(c, r, "make pipes for the standard streams") : 0;
}

static int open_console_pair(struct context *c, struct streams *s)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail(c, -errno, "make a socket for the terminal");
	s->console = pair[0];
	c->console = pair[1];
	s->input.open = true;
	return 0;
}

/* Streams whose other ends the keeper holds and writes to the log. */
static int open_held(struct context *c, struct streams *s)
{
	int r = s->mode == STREAMS_LOG ? open_pipes(c, s) : open_console_pair(c, s);

	if (r < 0)
		return r;
	r = log_open(&s->log, c->state_dir);
	return r < 0 ? fail(c, r, "open 'log'") : 0;
}

/* By the launcher where there is no keeper: then nobody holds other ends. */
int step_open_streams(struct context *c, const struct step *step)
{
	enum stream_mode mode = (enum stream_mode)step->field[0].u;
	struct keeper *k = c->role == KEEPER ? (struct keeper *)c : NULL;

	c->preserved = step->field[1].u;
	if (k)
		k->streams.mode = mode;
	switch (mode) {
	case STREAMS_NONE:
	case STREAMS_INHERIT:
		for (int i = 0; i < 3; i++)
			c->stdio[i] = i; /* whoever started us has put /dev/null or the caller's streams there */
		return 0;
	case STREAMS_CONSOLE_SOCKET:
		c->console = 7;
		return fcntl(c->console, F_GETFD) < 0 ? fail(c, -errno, "console socket") : 0;
	case STREAMS_LOG:
	case STREAMS_TERMINAL:
		if (k)
			return open_held(c, &k->streams);
		break;
	default:
		break;
	}
	return fail(c, -EBADMSG, "streams of kind %u", (unsigned)mode);
}

/* ---- output ---- */

static void log_lines(struct log *log, struct output *o)
{
	char *line = o->bytes;
	char *end = o->bytes + o->held;

	for (char *feed; (feed = memchr(line, '\n', (size_t)(end - line))); line = feed + 1)
		log_add(log, o->name, true, line, (size_t)(feed - line));
	o->held = (size_t)(end - line);
	if (o->held == sizeof(o->bytes)) {
		log_add(log, o->name, false, o->bytes, o->held);
		o->held = 0;
	}
	memmove(o->bytes, line, o->held);
	o->part_due = o->held ? now_millis() + PART_MILLIS : 0;
}

static void log_part(struct log *log, struct output *o)
{
	log_stamp(log);
	if (o->held)
		log_add(log, o->name, false, o->bytes, o->held);
	o->held = 0;
	o->part_due = 0;
}

static void read_output(struct streams *s, struct output *o)
{
	ssize_t n = read(o->fd, o->bytes + o->held, sizeof(o->bytes) - o->held);

	log_stamp(&s->log);
	if (n > 0) {
		o->held += (size_t)n;
		log_lines(&s->log, o);
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	log_part(&s->log, o);
	/* a terminal that nobody has open may be opened again, by name, as long as the container lives */
	if (n < 0 && errno == EIO && !s->draining)
		o->resting_until = now_millis() + RESTING_MILLIS;
	else
		close_descriptor(&o->fd);
}

bool streams_ended(const struct streams *s)
{
	return s->output[0].fd < 0 && s->output[1].fd < 0;
}

void streams_finish(struct streams *s)
{
	for (int i = 0; i < 2; i++)
		log_part(&s->log, &s->output[i]);
	log_flush(&s->log);
}

/* ---- input ---- */

size_t input_room(const struct streams *s)
{
	return s->input.open && !s->input.ending ? sizeof(s->input.bytes) - (s->input.end - s->input.start)
						 : INPUT_LIMIT;
}

void input_add(struct streams *s, const char *bytes, size_t size)
{
	struct input *i = &s->input;

	if (!i->open || i->ending)
		return;
	if (i->end + size > sizeof(i->bytes)) {
		memmove(i->bytes, i->bytes + i->start, i->end - i->start);
		i->end -= i->start;
		i->start = 0;
	}
	if (size > sizeof(i->bytes) - i->end)
		size = sizeof(i->bytes) - i->end;
	memcpy(i->bytes + i->end, bytes, size);
	i->end += size;
}

static void end_input(struct input *i)
{
	close_descriptor(&i->fd);
	i->open = false;
	i->start = i->end = 0;
}

/* After the last byte of what is on its way. */
static void end_input_when_empty(struct input *i)
{
	if (i->ending && i->start == i->end)
		end_input(i);
}

/* On a terminal the end of input is a character; the terminal itself goes on. */
void input_close(struct streams *s)
{
	struct termios t;
	char end_of_file = '\4';

	if (s->mode != STREAMS_TERMINAL) {
		s->input.ending = true;
		end_input_when_empty(&s->input);
		return;
	}
	if (s->input.fd >= 0 && tcgetattr(s->input.fd, &t) == 0)
		end_of_file = (char)t.c_cc[VEOF];
	input_add(s, &end_of_file, 1);
}

void input_resize(struct streams *s, uint16_t rows, uint16_t columns)
{
	s->input.rows = rows;
	s->input.columns = columns;
	if (s->mode == STREAMS_TERMINAL && s->input.fd >= 0)
		(void)ioctl(s->input.fd, TIOCSWINSZ, &(struct winsize){.ws_row = rows, .ws_col = columns});
}

static void write_input(struct input *i)
{
	ssize_t n = write(i->fd, i->bytes + i->start, i->end - i->start);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		end_input(i); /* nobody will ever read it */
	else if (n > 0)
		i->start += (size_t)n;
}

/* ---- the terminal ---- */

static int receive_descriptor(int socket)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} ancillary;
	char name[256];
	struct iovec bytes = {name, sizeof(name)};
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &ancillary, .msg_controllen = sizeof(ancillary)};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) < 0)
		return -errno;
	c = CMSG_FIRSTHDR(&message);
	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
		return -ENOENT;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static void receive_terminal(struct streams *s)
{
	int master = receive_descriptor(s->console);

	close_descriptor(&s->console); /* either it came, or init is gone and it never will */
	if (master < 0)
		return;
	(void)fcntl(master, F_SETFL, O_NONBLOCK);
	s->output[0].fd = master;
	s->input.fd = fcntl(master, F_DUPFD_CLOEXEC, 3);
	if (s->input.rows || s->input.columns)
		input_resize(s, s->input.rows, s->input.columns);
}

/* ---- the loop's side ---- */

static void wait_until(uint64_t due, uint64_t now, int *timeout)
{
	int left = due > now ? (int)(due - now) : 0;

	if (due && (*timeout < 0 || left < *timeout))
		*timeout = left;
}

void streams_watch(struct streams *s, struct pollfd *watches, int *timeout)
{
	uint64_t now = now_millis();

	watches[WATCH_CONSOLE] = (struct pollfd){.fd = s->console, .events = POLLIN};
	for (int i = 0; i < 2; i++) {
		struct output *o = &s->output[i];

		if (s->draining || o->resting_until <= now)
			o->resting_until = 0;
		watches[WATCH_OUTPUT + i] = (struct pollfd){.fd = o->resting_until ? -1 : o->fd, .events = POLLIN};
		wait_until(o->resting_until, now, timeout);
		wait_until(o->part_due, now, timeout);
	}
	watches[WATCH_INPUT] =
		(struct pollfd){.fd = s->input.start < s->input.end ? s->input.fd : -1, .events = POLLOUT};
}

void streams_serve(struct streams *s, const struct pollfd *watches)
{
	uint64_t now = now_millis();

	if (watches[WATCH_CONSOLE].revents)
		receive_terminal(s);
	for (int i = 0; i < 2; i++) {
		struct output *o = &s->output[i];

		if (watches[WATCH_OUTPUT + i].revents)
			read_output(s, o);
		else if (o->part_due && o->part_due <= now)
			log_part(&s->log, o);
	}
	if (watches[WATCH_INPUT].revents)
		write_input(&s->input);
	end_input_when_empty(&s->input);
	log_flush(&s->log);
}
