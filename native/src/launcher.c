/* The launcher and init: how they begin and how they end. Their steps are in steps_….c. */
#include "launcher.h"
#include "control.h"
#include "syscalls.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static void reset_signals(void)
{
	struct sigaction action;
	sigset_t none;

	memset(&action, 0, sizeof action);
	action.sa_handler = SIG_DFL;
	for (int signal = 1; signal < _NSIG; signal++)
		(void)sigaction(signal, &action, NULL); /* those that cannot be changed say so */
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

int launcher_main(struct context *c, uint32_t from)
{
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	c->role = LAUNCHER;
	reset_signals();
	note_host_namespaces(c);
	/* while the host's rights are here: init may be somebody who cannot enter the state directory */
	c->hooks = openat(c->state_dir, "hooks", O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	return run_steps(c, &c->create, from) < 0;
}

int init_main(struct context *c, uint32_t from)
{
	c->role = INIT;
	(void)umask(0);
	if (await_pair(c, 0) < 0)
		return 1;
	if (run_steps(c, &c->create, from) < 0 || run_steps(c, &c->start, 0) < 0)
		return 1;
	return 1; /* a start plan ends with the program */
}

int write_text(int fd, const char *text)
{
	size_t size = strlen(text);
	ssize_t n;

	do
		n = write(fd, text, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}
