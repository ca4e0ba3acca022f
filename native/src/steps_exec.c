/* The gate, and what follows it: the working directory, the program. */
#include "launcher.h"
#include "path.h"
#include "program.h"
#include "syscalls.h"

#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#define SET_FILTER 1	/* SECCOMP_SET_MODE_FILTER */
#define NEW_LISTENER 8U /* SECCOMP_FILTER_FLAG_NEW_LISTENER */
#define PASSWD_MAX (10 * 1024 * 1024)
#define LISTENER_SECONDS 10

step_function step_wait_gate, step_change_directory, step_probe_program, step_load_seccomp_and_exec;

/* From here on the helper may come and go. */
int step_wait_gate(struct context *c, const struct step *s)
{
	char byte;
	ssize_t n;
	int r;

	(void)s;
	close_descriptor(&c->pair);
	close_descriptor(&c->console);
	close_descriptor(&c->state_dir);
	__atomic_store_n(&c->page->phase, (uint32_t)PHASE_AT_GATE, __ATOMIC_RELEASE);
	close_descriptor(&c->control);
	do
		n = read(c->gate, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return fail(c, n < 0 ? -errno : -EPIPE, "wait at the gate");
	close_descriptor(&c->gate);
	__atomic_store_n(&c->page->phase, (uint32_t)PHASE_STARTING, __ATOMIC_RELEASE);
	r = plan_open(c->start_plan, &c->start);
	if (r >= 0 && (c->start.kind != PLAN_START || c->start.count > c->page->start_steps))
		r = -EBADMSG;
	if (r < 0)
		return fail(c, r, "read the start plan");
	close_descriptor(&c->start_plan);
	return 0;
}

int step_change_directory(struct context *c, const struct step *s)
{
	const char *path = s->field[0].s;
	int r = enter_beneath(c->root, path);

	if (r == -ENOENT) { /* made as the user: what they may not make, they may not have */
		AUTO_CLOSE int made = make_beneath(c->root, path, TARGET_DIRECTORY);

		r = made < 0 ? made : enter_beneath(c->root, path);
	}
	return r < 0 ? fail(c, r, "enter the working directory '%s'", path) : 0;
}

/* The step's value says why, as far as it can be seen, and its text on what: the interpreter, the loader, the processor. */
static int fail_program(struct context *c, int error, enum trap trap, const char *what, const char *on)
{
	c->value = trap;
	return what[0] ? fail(c, error, "%s '%s'", what, on) : fail(c, error, "%s", on);
}

/* Whether a trap is a reason for what execve said. */
static bool explains(enum trap trap, int error)
{
	switch (trap) {
	case TRAP_INTERPRETER:
	case TRAP_CARRIAGE_RETURN:
	case TRAP_LOADER:
		return error == -ENOENT || error == -ENOTDIR || error == -EACCES;
	case TRAP_MACHINE:
	case TRAP_FORMAT:
		return error == -ENOEXEC;
	default:
		return false;
	}
}

int step_probe_program(struct context *c, const struct step *s)
{
	const char *name = s->field[0].s, *cwd = s->field[2].s;
	char path[PATH_MAX], text[PATH_MAX];
	int r = find_program(c->root, cwd, name, s->field[1].l.at, path, sizeof path);
	enum trap trap;

	if (r == -ENOENT && root_is_bare(c->root))
		return fail_program(c, r, TRAP_BARE_ROOT, "", name);
	if (r < 0)
		return fail_program(c, r, TRAP_NONE, "find program", name);
	trap = program_trap(c->root, cwd, path, text, sizeof text);
	return trap_is_certain(trap) ? fail_program(c, -ENOENT, trap, "", text) : 0;
}

/* The next field of a line of passwd, without its colon; NULL past the last one. */
static char *next_field(char **line)
{
	char *field = *line;

	if (!field)
		return NULL;
	*line = strchr(field, ':');
	if (*line)
		*(*line)++ = 0;
	return field;
}

/* A number of digits alone, at most 32 bits (CVE-2016-3697 and others: never a wrapped or half-read one). */
static bool is_uid(const char *text, uid_t wanted)
{
	uint64_t number = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || number > UINT32_MAX)
			return false;
		number = number * 10 + (uint64_t)(*text - '0');
	}
	return number == wanted;
}

/* The home directory of uid in the text of a passwd file, or NULL. Cuts the text up. */
static const char *home_in(char *text, uid_t uid)
{
	char *next;

	for (char *line = text; line; line = next) {
		char *field[7];

		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		for (int i = 0; i < 7; i++)
			field[i] = next_field(&line);
		if (field[5] && field[5][0] == '/' && is_uid(field[2], uid))
			return field[5];
	}
	return NULL;
}

/* The home directory that the container's own passwd names for us; the file is the image's, so it may be anything. */
static void find_home(int root, char *ret_home, size_t size)
{
	AUTO_CLOSE int fd = open_beneath(root, "/etc/passwd", O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat about;
	const char *home = NULL;
	char *text = NULL;

	if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size <= PASSWD_MAX)
		text = malloc((size_t)about.st_size + 1);
	if (text) {
		ssize_t n = read(fd, text, (size_t)about.st_size);

		text[n > 0 ? n : 0] = 0;
		home = home_in(text, geteuid());
	}
	(void)snprintf(ret_home, size, "HOME=%s", home && strlen(home) < size - 6 ? home : "/");
	free(text);
}

/* The environment of the program: the plan's, and HOME if that has none. NULL without memory. */
static const char **environment(struct context *c, const union value *env, char *home, size_t home_size)
{
	const char **all = calloc((size_t)env->l.count + 2, sizeof *all);
	bool found = false;

	if (!all)
		return NULL;
	for (uint32_t i = 0; i < env->l.count; i++) {
		all[i] = env->l.at[i];
		found = found || strncmp(all[i], "HOME=", 5) == 0;
	}
	if (!found) {
		find_home(c->root, home, home_size);
		all[env->l.count] = home;
	}
	return all;
}

/* Looks at the page until the listener was taken, or so many times. */
static bool listener_taken(const struct page *page, uint64_t looks)
{
	for (uint64_t i = 0; i < looks; i++) {
		if (__atomic_load_n(&page->listener, __ATOMIC_ACQUIRE) == 0)
			return true;
#if defined(__x86_64__) || defined(__i386__)
		__builtin_ia32_pause();
#endif
	}
	return false;
}

static uint64_t microseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* How often listener_taken looks in LISTENER_SECONDS. Behind the filter there is no clock: where the vDSO cannot read it,
 * clock_gettime is a system call. Of some short tries the fastest counts, since any may be interrupted. */
static uint64_t looks_of_a_wait(void)
{
	static const struct page never_taken = {.listener = 1};
	uint64_t most = 1;

	for (int i = 0; i < 8; i++) {
		uint64_t begin = microseconds(), looks = 0, passed;

		do {
			(void)listener_taken(&never_taken, 1000);
			looks += 1000;
			passed = microseconds() - begin;
		} while (passed < 200);
		if (looks * 1000000 / passed > most)
			most = looks * 1000000 / passed;
	}
	return most * LISTENER_SECONDS;
}

/* The filter and the program. After the filter any system call may be refused, notified or deadly, so the results go to
 * the page, which is memory. Returns only after a failure. */
static int load_and_execute(
	struct context *c, const struct step *s, const char *path, const char **env, enum trap trap, const char *reason)
{
	const union value *filter = &s->field[2];
	struct sock_fprog program = {(unsigned short)(filter->b.size / sizeof(struct sock_filter)), NULL};
	unsigned flags = s->field[3].u | (s->field[4].u ? NEW_LISTENER : 0);
	uint64_t looks = flags & NEW_LISTENER ? looks_of_a_wait() : 0;
	void *copy = NULL;
	long r;

	if (filter->b.size > 0) {
		if (filter->b.size % sizeof(struct sock_filter) ||
			filter->b.size / sizeof(struct sock_filter) > BPF_MAXINSNS)
			return fail(c, -EINVAL, "load a filter of %u bytes", filter->b.size);
		copy = malloc(filter->b.size); /* aligned, which the plan's bytes are not */
		if (!copy)
			return fail(c, -ENOMEM, "load a filter of %u bytes", filter->b.size);
		memcpy(copy, filter->b.at, filter->b.size);
		program.filter = copy;
	}
	__atomic_store_n(&c->page->phase, (uint32_t)PHASE_EXECUTING, __ATOMIC_RELEASE);
	if (copy) {
		r = syscall(SYS_seccomp, SET_FILTER, flags, &program);
		if (r < 0)
			return fail(c, -errno, "load the seccomp filter");
		if (flags & NEW_LISTENER) {
			__atomic_store_n(&c->page->listener, (uint32_t)r + 1, __ATOMIC_RELEASE);
			if (!listener_taken(c->page, looks))
				return fail(c, -ETIMEDOUT, "hand over the listener of the seccomp filter");
		}
	}
	(void)execve(path, (char *const *)s->field[0].l.at, (char *const *)env);
	r = -errno;
	if (!explains(trap, (int)r))
		return fail(c, (int)r, "execute '%s'", path);
	return fail_program(c, (int)r, trap, reason[0] ? "" : "execute", reason[0] ? reason : path);
}

int step_load_seccomp_and_exec(struct context *c, const struct step *s)
{
	char path[PATH_MAX], cwd[PATH_MAX], home[PATH_MAX], reason[PATH_MAX];
	const char **env;
	enum trap trap;
	int r;

	if (s->field[0].l.count == 0)
		return fail(c, -EINVAL, "execute nothing");
	if (syscall(SYS_getcwd, cwd, sizeof cwd) < 0 || cwd[0] != '/')
		return fail(c, -ENOENT, "read the working directory");
	env = environment(c, &s->field[1], home, sizeof home);
	if (!env)
		return fail(c, -ENOMEM, "make the environment");
	/* along the PATH that the program will have, as execvp would */
	r = find_program(c->root, cwd, s->field[0].l.at[0], env, path, sizeof path);
	if (r < 0) {
		free(env);
		return fail(c, r, "find program '%s'", s->field[0].l.at[0]);
	}
	/* now: behind the filter nothing can be looked at */
	trap = program_trap(c->root, cwd, path, reason, sizeof reason);
	return load_and_execute(
		c, s, path, env, trap, reason); /* nothing is freed: that might be a system call, behind the filter */
}
