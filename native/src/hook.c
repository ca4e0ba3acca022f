#include "hook.h"
#include "caller.h"
#include "streams.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	STATUS_TIMEOUT = 124,
	STATUS_NOT_TRIED = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	MAX_GROUPS = 65536, /* NGROUPS_MAX */
	KILL_ROUNDS = 200,  /* of 5 ms: a cgroup without cgroup.kill is given a second to die */
};

extern char **environ;

struct hook {
	char **cgroups; /* files to which 0 is written: cgroup.procs or tasks of each hierarchy */
	int cgroup_count;
	char **limits; /* as apply_limit reads them */
	int limit_count;
	bool becomes; /* somebody else than us */
	struct caller caller;
	long timeout; /* milliseconds, 0: none */
	const char *path;
	char **argv;
};

/* ---- arguments ---------------------------------------------------------------------------------------------- */

static int parse_millis(const char *text, long *ret_millis)
{
	char *end;

	errno = 0;
	*ret_millis = strtol(text, &end, 10);
	if (errno || end == text || *end || *text < '0' || *text > '9' || *ret_millis > INT_MAX)
		return -EINVAL;
	return 0;
}

/* The files of all --cgroup options are gathered at the front of argv, which is ours; so are the limits, in a row of their
 * own: whoever asks for a hook names the cgroups first. */
static int parse(int argc, char **argv, struct hook *ret_hook)
{
	static gid_t groups[MAX_GROUPS];
	struct hook h = {.cgroups = argv};
	int i = 2;

	while (i < argc && strcmp(argv[i], "--") != 0) {
		if (strcmp(argv[i], "--timeout") == 0 && i + 1 < argc) {
			if (parse_millis(argv[i + 1], &h.timeout) < 0)
				return -EINVAL;
			i += 2;
		} else if (strcmp(argv[i], "--as") == 0 && i + 1 < argc && !h.becomes) {
			if (parse_caller(argv[i + 1], &h.caller, groups, MAX_GROUPS) < 0)
				return -EINVAL;
			h.becomes = true;
			i += 2;
		} else if (strcmp(argv[i], "--limits") == 0 && !h.limits) {
			h.limits = argv + i + 1;
			for (i++; i < argc && argv[i][0] >= '0' && argv[i][0] <= '9'; i++)
				h.limit_count++;
		} else if (strcmp(argv[i], "--cgroup") == 0) {
			for (i++; i < argc && argv[i][0] == '/'; i++)
				h.cgroups[h.cgroup_count++] = argv[i];
		} else {
			return -EINVAL;
		}
	}
	if (argc - i < 3 || argv[i + 1][0] != '/')
		return -EINVAL;
	h.path = argv[i + 1];
	h.argv = argv + i + 2;
	*ret_hook = h;
	return 0;
}

/* ---- the child: becomes the hook ---------------------------------------------------------------------------- */

static int enter_cgroup(const char *file)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	int r = 0;

	if (fd < 0 || write(fd, "0", 1) != 1)
		r = -errno;
	if (fd >= 0)
		(void)close(fd);
	return r;
}

/* The cgroup came first, and nothing of ours is open any more. A hook of theirs gains nothing by a setuid program. */
static void become_them(const struct hook *h)
{
	const char *what = "set a limit of the caller's";
	int r = 0;

	for (int i = 0; i < h->limit_count && r >= 0; i++)
		r = apply_limit(h->limits[i]);
	if (r >= 0 && h->becomes) {
		r = become_caller(&h->caller, &what);
		if (r >= 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
			what = "set no_new_privs";
			r = -errno;
		}
	}
	if (r < 0) {
		(void)dprintf(2, "cannot %s: %s\n", what, strerror(-r));
		_exit(STATUS_NOT_TRIED);
	}
}

static _Noreturn void become_hook(const struct hook *h, const sigset_t *mask, pid_t parent)
{
	int r;

	(void)setsid();
	/* the second line of defence: the helper's watchdog kills our parent if that hangs */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < h->cgroup_count; i++) {
		r = enter_cgroup(h->cgroups[i]);
		if (r < 0) {
			(void)dprintf(2, "cannot enter the cgroup of '%s': %s\n", h->cgroups[i], strerror(-r));
			_exit(STATUS_NOT_TRIED);
		}
	}
	(void)syscall(SYS_close_range, 3U, ~0U, 0U);
	become_them(h);
	/* once more: whoever takes other ids loses it; and whoever lost the parent meanwhile is not told */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(STATUS_NOT_TRIED);
	(void)sigprocmask(SIG_SETMASK, mask, NULL);
	(void)execve(h->path, h->argv, environ);
	r = errno;
	(void)dprintf(2, "cannot execute '%s': %s\n", h->path, strerror(r));
	_exit(r == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* ---- the parent: waits, and kills at the timeout ------------------------------------------------------------ */

/* Kills each process of a cgroup.procs once. Returns how many there were, -ELOOP if we stand in it ourselves. */
static int kill_listed(int dir)
{
	int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	FILE *procs = fd < 0 ? NULL : fdopen(fd, "re");
	bool ours = false;
	int count = 0;
	int pid;

	if (!procs) {
		count = -errno;
		if (fd >= 0)
			(void)close(fd);
		return count;
	}
	while (fscanf(procs, "%d", &pid) == 1)
		ours = ours || pid == getpid();
	rewind(procs);
	for (; !ours && fscanf(procs, "%d", &pid) == 1; count++)
		if (pid > 1)
			(void)kill(pid, SIGKILL);
	(void)fclose(procs);
	return ours ? -ELOOP : count;
}

static void kill_cgroup(const char *file)
{
	char path[PATH_MAX];
	const char *slash = strrchr(file, '/');
	int dir, fd, left;

	(void)snprintf(path, sizeof(path), "%.*s/", (int)(slash - file), file);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (dir < 0)
		return;
	/* the listing comes first even where cgroup.kill exists: it tells whether the cgroup is the hook's alone */
	left = kill_listed(dir);
	fd = left < 0 ? -1 : openat(dir, "cgroup.kill", O_WRONLY | O_CLOEXEC); /* Linux 5.14, cgroup v2 */
	if (fd >= 0) {
		(void)!write(fd, "1", 1);
		(void)close(fd);
	}
	for (int round = 0; fd < 0 && left > 0 && round < KILL_ROUNDS; round++) {
		(void)nanosleep(&(struct timespec){.tv_nsec = 5 * 1000 * 1000}, NULL);
		left = kill_listed(dir);
	}
	(void)close(dir);
}

static void kill_everything(const struct hook *h, pid_t child)
{
	(void)kill(child, SIGKILL); /* before it has made its session, the group is not there yet */
	(void)kill(-child, SIGKILL);
	for (int i = 0; i < h->cgroup_count; i++)
		kill_cgroup(h->cgroups[i]);
}

static long long now_millis(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int supervise(const struct hook *h, pid_t child, int signals, int parent)
{
	long long deadline = now_millis() + h->timeout;
	struct signalfd_siginfo got;
	int status;

	for (;;) {
		struct pollfd wait[] = {{.fd = signals, .events = POLLIN}, {.fd = parent, .events = POLLIN}};
		long long left = deadline - now_millis();
		int r;

		if (waitpid(child, &status, WNOHANG) == child)
			return status_of(status);
		if (h->timeout && left <= 0) {
			kill_everything(h, child);
			(void)waitpid(child, &status, 0);
			return STATUS_TIMEOUT;
		}
		r = poll(wait, 2, h->timeout ? (int)left : -1);
		if (r > 0 && wait[1].revents != 0) {
			kill_everything(h,
				child); /* the helper died: its operation is undone, and nobody would ask for this one */
			(void)waitpid(child, &status, 0);
			return 128 + SIGKILL;
		}
		if (r > 0 && read(signals, &got, sizeof(got)) == sizeof(got) && got.ssi_signo != SIGCHLD) {
			kill_everything(h, child); /* told to end, by the helper's watchdog: not without the hook */
			(void)waitpid(child, &status, 0);
			return 128 + (int)got.ssi_signo;
		}
	}
}

int hook_main(int argc, char **argv)
{
	struct hook h;
	sigset_t watched, before;
	int signals, parent = (int)syscall(SYS_pidfd_open, getppid(), 0);
	pid_t self = getpid(), child;

	if (parse(argc, argv, &h) < 0) {
		(void)dprintf(2, "usage: slipway-launch hook [--cgroup FILE...] [--timeout MILLIS] [--as "
				 "UID:GID:NICE:GROUP,...] "
				 "[--limits RESOURCE:SOFT:HARD...] -- PATH ARGV0 [ARGV1...]\n");
		return STATUS_NOT_TRIED;
	}
	(void)sigemptyset(&watched);
	for (const int *s = (const int[]){SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, 0}; *s; s++)
		(void)sigaddset(&watched, *s);
	(void)sigprocmask(SIG_BLOCK, &watched, &before);
	signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
	child = signals < 0 ? -1 : fork();
	if (child < 0) {
		(void)dprintf(2, "cannot start the hook '%s': %s\n", h.path, strerror(errno));
		return STATUS_NOT_TRIED;
	}
	if (child == 0)
		become_hook(&h, &before, self);
	release_standard_streams(); /* the hook's output ends when the hook lets go of it, not when we do */
	return supervise(&h, child, signals, parent);
}
