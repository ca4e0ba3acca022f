/* slipway-launch: the native side of a container. One small static program in a few roles; the helper names the role.
 *   keeper   parent of the container's first process; forks the launcher, keeps streams, log and exit status
 *   launcher the same without a keeper: started by the calling command, which an engine waits for
 *            or by the helper, to change something in a container that lives
 *   look     tells kernel parameters as they are in the namespaces of another process
 *   network  hands out a socket of rtnetlink in another network namespace
 *   hook     runs one hook of the runtime namespace under its time limit */
#include "hook.h"
#include "keeper.h"
#include "look.h"
#include "network.h"
#include "seal.h"
#include "spawned.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#ifndef SLIPWAY_VERSION
#define SLIPWAY_VERSION "unknown"
#endif

enum { STATUS_NOT_TRIED = 125 };

static int usage(void)
{
	(void)dprintf(2, "slipway-launch is started by slipwayd; by hand only: slipway-launch --version\n");
	return STATUS_NOT_TRIED;
}

/* The virtual machine that starts us has handlers, ignored signals and a mask of its own: none of it is ours. */
static void reset_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		(void)signal(s, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(int argc, char **argv)
{
	int (*role)(int, char **) = NULL;
	int r;

	(void)prctl(PR_SET_DUMPABLE, 0); /* before anything else: from here on no other user looks into us (D08) */
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return printf("slipway-launch version %s\n", SLIPWAY_VERSION) < 0;
	if (argc >= 2 && strcmp(argv[1], "keeper") == 0)
		role = keeper_main;
	else if (argc >= 2 && strcmp(argv[1], "launcher") == 0)
		role = spawned_main;
	else if (argc >= 2 && strcmp(argv[1], "hook") == 0)
		role = hook_main;
	else if (argc >= 3 && strcmp(argv[1], "look") == 0)
		role = look_main;
	else if (argc >= 2 && strcmp(argv[1], "network") == 0)
		role = network_main;
	if (!role)
		return usage();
	reset_signals();
	r = run_from_sealed_copy(argv);
	if (r < 0) {
		(void)dprintf(2, "slipway-launch: cannot make a sealed copy of itself: %s\n", strerror(-r));
		return STATUS_NOT_TRIED;
	}
	return role(argc, argv);
}
