/* The program's terminal and standard streams. */
#include "launcher.h"
#include "path.h"
#include "syscalls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/vfs.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441 /* _IO('T', 0x41) */
#endif
#define DEVPTS_MAGIC 0x1cd1

step_function step_open_console, step_open_terminal, step_attach_streams, step_close_descriptors;

static bool is_device(int fd, unsigned major_first, unsigned major_last)
{
	struct statfs filesystem;
	struct stat about;

	return fstatfs(fd, &filesystem) == 0 && filesystem.f_type == DEVPTS_MAGIC && fstat(fd, &about) == 0 &&
	       S_ISCHR(about.st_mode) && major(about.st_rdev) >= major_first && major(about.st_rdev) <= major_last;
}

/* Binds the slave to /dev/console; a link in its place is refused (CVE-2026-88264, CVE-2025-52565). */
static int bind_console(struct context *c)
{
	AUTO_CLOSE int place = open_beneath_strictly(c->root, "/dev/console", O_PATH);
	AUTO_CLOSE int tree = -1;

	if (place == -ENOENT)
		place = make_beneath(c->root, "/dev/console", TARGET_FILE);
	if (place < 0)
		return fail(c, place, "make '/dev/console'");
	tree = sys_open_tree(c->terminal, "", TREE_CLONE | TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0)
		return fail(c, -errno, "copy the mount of the terminal");
	return attach_beneath(c, tree, "/dev/console", true);
}

/* One message with the descriptor, whose payload names the pseudoterminal, as engines expect it. */
static int send_master(int to, int master)
{
	char name[] = "/dev/ptmx";
	struct iovec bytes = {name, sizeof name - 1};
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} ancillary;
	struct msghdr message = {
		.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &ancillary, .msg_controllen = sizeof ancillary};

	memset(&ancillary, 0, sizeof ancillary);
	ancillary.header.cmsg_level = SOL_SOCKET;
	ancillary.header.cmsg_type = SCM_RIGHTS;
	ancillary.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&ancillary.header), &master, sizeof master);
	return sendmsg(to, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Makes a pseudoterminal of the size that the step names; this side becomes c->terminal. */
static int make_terminal(struct context *c, const struct step *s, int *ret_master)
{
	struct winsize size = {.ws_col = (unsigned short)s->field[0].u, .ws_row = (unsigned short)s->field[1].u};
	int master = open_beneath_strictly(c->root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY);
	int unlock = 0;

	if (master < 0)
		return fail(c, master, "open '/dev/pts/ptmx'");
	*ret_master = master;
	if (!is_device(master, 5, 5))
		return fail(c, -ENODEV, "open '/dev/pts/ptmx', which makes no pseudoterminals");
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return fail(c, -errno, "unlock the pseudoterminal");
	/* the peer of this master, whatever lies at its name */
	c->terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->terminal < 0)
		return fail(c, -errno, "open the terminal side of the pseudoterminal");
	if (!is_device(c->terminal, 136, 143))
		return fail(c, -ENODEV, "open the terminal side of the pseudoterminal, which is none");
	if (size.ws_col && size.ws_row && ioctl(c->terminal, TIOCSWINSZ, &size) < 0)
		return fail(c, -errno, "set the size of the terminal");
	return 0;
}

static int hand_over_terminal(struct context *c, int master)
{
	int r;

	if (c->console < 0)
		return fail(c, -EBADF, "hand over the terminal: there is no console socket");
	r = send_master(c->console, master);
	close_descriptor(&c->console);
	return r < 0 ? fail(c, r, "send the terminal to the console socket") : 0;
}

int step_open_console(struct context *c, const struct step *s)
{
	AUTO_CLOSE int master = -1;
	int r = make_terminal(c, s, &master);

	if (r >= 0)
		r = bind_console(c);
	return r < 0 ? r : hand_over_terminal(c, master);
}

int step_open_terminal(struct context *c, const struct step *s)
{
	AUTO_CLOSE int master = -1;
	int r = make_terminal(c, s, &master);

	return r < 0 ? r : hand_over_terminal(c, master);
}

/* Moves a descriptor out of the way of 0…first-1. */
static int raise_descriptor(int *fd, int first)
{
	int higher;

	if (*fd < 0 || *fd >= first)
		return 0;
	higher = fcntl(*fd, F_DUPFD_CLOEXEC, first);
	if (higher < 0)
		return -errno;
	*fd = higher;
	return 0;
}

/* The descriptors 3… are those that the caller wants preserved; they stand higher until now. */
static int place_preserved(struct context *c)
{
	int first = FIRST_PRESERVED + (int)c->preserved;
	int *mine[] = {
		&c->gate, &c->started, &c->hooks, &c->root, &c->proc, &c->terminal, &c->empty_file, &c->empty_dir};

	for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) {
		int r = raise_descriptor(mine[i], first);

		if (r < 0)
			return r;
	}
	for (int i = 0; i < (int)c->preserved; i++) /* upwards: each goes to a lower number than it has */
		if (dup2(FIRST_PRESERVED + i, 3 + i) < 0)
			return -errno;
	return 0;
}

int step_attach_streams(struct context *c, const struct step *s)
{
	bool terminal = s->field[0].u;
	int r = 0;

	if (terminal && c->terminal < 0)
		return fail(c, -EBADF, "attach the terminal: there is none");
	if (terminal && ioctl(c->terminal, TIOCSCTTY, 0) < 0)
		return fail(c, -errno, "make the terminal the controlling one");
	for (int i = 0; i < 3 && r == 0; i++)
		if (!terminal && c->stdio[i] != i)
			r = raise_descriptor(&c->stdio[i], 3);
	for (int i = 0; i < 3 && r == 0; i++) {
		int from = terminal ? c->terminal : c->stdio[i];

		if (from == i)
			r = fcntl(i, F_SETFD, 0) < 0 ? -errno : 0;
		else
			r = dup2(from, i) < 0 ? -errno : 0;
	}
	if (r < 0)
		return fail(c, r, "attach the standard streams");
	if (!terminal)
		for (int i = 0; i < 3; i++)
			if (c->stdio[i] > 2)
				close_descriptor(&c->stdio[i]);
	r = place_preserved(c);
	return r < 0 ? fail(c, r, "place %u preserved descriptors", c->preserved) : 0;
}

int step_close_descriptors(struct context *c, const struct step *s)
{
	/* marks, not closes: the root and the fifo are needed up to the exec, which then closes them */
	if (sys_close_range(s->field[0].u, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) < 0)
		return fail(c, -errno, "mark descriptors from %u close-on-exec", s->field[0].u);
	return 0;
}
