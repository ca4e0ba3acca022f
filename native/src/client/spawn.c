#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What comes along with SPAWN, in this order; the console socket may be missing. */
enum { WITH_LAUNCHER, WITH_CONTROL, WITH_CREATE_PLAN, WITH_START_PLAN, WITH_STATE_DIR, WITH_CONSOLE, WITH_ALL };

enum {
	FIRST_OURS = 3,	 /* preserved descriptors, as our caller numbers them */
	FIRST_GIVEN = 3, /* control socket … console socket, as the launcher does (docs/protocols.md section 2) */
	FIRST_PRESERVED = 8,
	NOT_STARTED = 125,
};

_Static_assert(WITH_ALL == FRAME_DESCRIPTORS, "client.h");

/* Copies a descriptor to a number from `from` on; what is not there stays -1. */
static int lift(int fd, int from)
{
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, from);
}

/* In the child: puts every descriptor where the launcher looks for it. None may be overwritten before it is copied. */
static int arrange(const int given[WITH_ALL], uint32_t preserved)
{
	int end = FIRST_PRESERVED + (int)preserved;
	int high[WITH_ALL];

	for (int i = 0; i < WITH_ALL; i++) {
		high[i] = lift(given[i], end);
		if (given[i] >= 0 && high[i] < 0)
			return -errno;
	}
	/* downwards: each goes to a higher number than it has */
	for (int i = (int)preserved - 1; i >= 0; i--)
		if (dup2(FIRST_OURS + i, FIRST_PRESERVED + i) < 0)
			return -errno;
	for (int i = WITH_CONTROL; i < WITH_ALL; i++) {
		int target = FIRST_GIVEN + i - WITH_CONTROL;

		if (high[i] < 0)
			(void)close(target);
		else if (dup2(high[i], target) < 0)
			return -errno;
	}
	return high[WITH_LAUNCHER];
}

/* Does not return. Whatever else is open the launcher closes by itself. */
static void become_launcher(const int given[WITH_ALL], uint32_t preserved)
{
	static char *const argv[] = {(char *)"slipway-launch", (char *)"launcher", NULL};
	static char *const environment[] = {NULL};
	int launcher = arrange(given, preserved);

	if (launcher >= 0)
		(void)syscall(SYS_execveat, launcher, "", argv, environment, AT_EMPTY_PATH);
	_exit(NOT_STARTED); /* the helper sees the end of the control socket */
}

/* Returns a pidfd of the child, or -errno with no child left. */
static int spawn(const int given[WITH_ALL], uint32_t preserved, struct spawned *spawned)
{
	pid_t pid = fork();
	int pidfd;

	if (pid < 0)
		return -errno;
	if (pid == 0)
		become_launcher(given, preserved);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0); /* nobody else reaps it: the number is its own */
	if (pidfd < 0) {
		int r = -errno;

		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
		return r;
	}
	spawned->pid = pid;
	return pidfd;
}

int serve_spawn(int socket, struct frame *request, struct spawned *spawned)
{
	int given[WITH_ALL] = {-1, -1, -1, -1, -1, -1};
	uint32_t number, preserved;
	int pidfd;

	if (take_u32(request, &number) < 0 || take_u32(request, &preserved) < 0 || taken_whole(request) < 0 ||
		preserved > MAX_DESCRIPTORS - 3 || spawned->pid ||
		(request->fd_count != WITH_ALL && request->fd_count != WITH_CONSOLE))
		return -EBADMSG;
	for (unsigned i = 0; i < request->fd_count; i++)
		given[i] = request->fds[i];
	pidfd = spawn(given, preserved, spawned);
	return answer(socket, number, pidfd < 0 ? pidfd : 0, pidfd < 0 ? -1 : pidfd);
}

void end_spawned(const struct spawned *spawned, bool finished)
{
	if (!spawned->pid)
		return;
	if (!finished)
		(void)kill(spawned->pid, SIGKILL);
	while (waitpid(spawned->pid, NULL, 0) < 0 && errno == EINTR)
		;
	/* of a create that failed nobody has been told init's pid, and the helper has killed it */
	while (!finished && waitpid(-1, NULL, WNOHANG) > 0)
		;
}
