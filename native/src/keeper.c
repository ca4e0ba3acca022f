#include "keeper.h"
#include "contract.h"
#include "control.h"
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
	DRAIN_MILLIS = 1000, /* for output that outlives init because another process holds it open */
};

/* ---- steps ---- */

int step_make_gate(struct context *c, const struct step *step)
{
	struct keeper *k = (struct keeper *)c;
	int r = contract_make_fifos(c);

	(void)step;
	if (r < 0)
		return r;
	k->exit_record = exit_record_prepare(c->state_dir);
	if (k->exit_record < 0)
		return fail(c, k->exit_record, "set room aside for 'exit.json'");
	r = doors_open(&k->doors, c->state_dir);
	return r < 0 ? fail(c, r, "listen on 'keeper.sock'") : 0;
}

/* What only launcher and init use from now on. A second holder of the streams would hide their end. */
static void hand_over(struct context *c)
{
	for (int i = 0; i < 3; i++)
		if (c->stdio[i] > 2)
			close_descriptor(&c->stdio[i]);
	close_descriptor(&c->console);
	close_descriptor(&c->started);
	close_descriptor(&c->start_plan);
	if (c->preserved)
		(void)syscall(SYS_close_range, FIRST_PRESERVED, FIRST_PRESERVED + c->preserved - 1, 0U);
	release_standard_streams();
}

int step_spawn_launcher(struct context *c, const struct step *step)
{
	struct keeper *k = (struct keeper *)c;
	pid_t pid = fork();

	if (pid < 0)
		return fail(c, -errno, "fork");
	if (pid == 0) {
		streams_close(&k->streams);
		doors_close(&k->doors);
		close_descriptor(&k->signals);
		close_descriptor(&k->exit_record);
		_exit(launcher_main(c, step->index + 1));
	}
	k->launcher = pid;
	c->value = (uint64_t)pid;
	hand_over(c);
	return 0;
}

/* ---- life ---- */

/* The signals of a session's end and of a terminal are not for us: we end when init does. SIGCHLD is read from a
 * descriptor; init has it as exit signal too, inherited from the launcher with CLONE_PARENT. */
static int prepare_signals(void)
{
	static const int ignored[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU};
	sigset_t child;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		(void)signal(ignored[i], SIG_IGN);
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Only after the fork: a container does not inherit our protection. Without the right to it we live without it. */
static void resist_oom_killer(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, "-999", 4);
	(void)close(fd);
}

/* Init's last word in create is a Signal; its record is begun before it is sent. */
static bool create_done(const struct context *c)
{
	const struct step *last = contract_find(&c->create, INIT, OP_Signal);

	return c->page->phase != PHASE_SETTING_UP || (last && c->page->records[last->index].state != RECORD_NONE);
}

/* Kills launcher and init, also one that was cloned a moment ago and stands on no page yet. */
static void kill_children(const struct keeper *k)
{
	char path[64];
	FILE *children;
	int pid;

	if (!k->launcher_ended)
		(void)kill(k->launcher, SIGKILL);
	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	children = fopen(path, "re");
	if (!children)
		return;
	while (fscanf(children, "%d", &pid) == 1)
		(void)kill(pid, SIGKILL);
	(void)fclose(children);
}

static void control_ended(struct keeper *k)
{
	close_descriptor(&k->context.control);
	if (create_done(&k->context))
		return;
	k->aborted = true;
	kill_children(k);
}

/* Reaps whoever ended. Returns false when there is nobody left to wait for. */
static bool reap(struct keeper *k)
{
	for (;;) {
		siginfo_t child = {0};

		if (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0)
			return errno != ECHILD;
		if (child.si_pid == 0)
			return true;
		if (child.si_pid == k->launcher)
			k->launcher_ended = true;
		else
			ending_read(child.si_pid, child.si_code, child.si_status, &k->ending);
		(void)waitid(P_PID, (id_t)child.si_pid, &child, WEXITED | __WALL);
		if (k->aborted) /* one that the killed launcher had just cloned */
			kill_children(k);
	}
}

enum { WATCH_SIGNALS, WATCH_CONTROL, OWN_WATCHES };

/* One round: waits, then serves each of those that are ready once. */
static void serve_round(struct keeper *k, int timeout)
{
	struct pollfd watches[OWN_WATCHES + STREAM_WATCHES + DOOR_WATCHES];
	struct pollfd *streams = watches + OWN_WATCHES;
	struct pollfd *doors = streams + STREAM_WATCHES;

	watches[WATCH_SIGNALS] = (struct pollfd){.fd = k->signals, .events = POLLIN};
	watches[WATCH_CONTROL] = (struct pollfd){.fd = k->context.control}; /* its packets are for launcher and init */
	streams_watch(&k->streams, streams, &timeout);
	doors_watch(&k->doors, &k->streams, doors);
	if (poll(watches, sizeof(watches) / sizeof(*watches), timeout) < 0)
		return;
	if (watches[WATCH_SIGNALS].revents) {
		struct signalfd_siginfo got;

		(void)!read(k->signals, &got, sizeof(got));
	}
	if (watches[WATCH_CONTROL].revents)
		control_ended(k);
	streams_serve(&k->streams, streams);
	doors_serve(&k->doors, &k->streams, doors);
	if (k->streams.log.grew)
		doors_ring(&k->doors);
	k->streams.log.grew = false;
}

/* Until init has ended, or the launcher without one. */
static void live(struct keeper *k)
{
	while (reap(k) && !k->ending.known)
		serve_round(k, -1);
}

/* ---- the end ---- */

static void drain(struct keeper *k)
{
	uint64_t end = now_millis() + DRAIN_MILLIS;

	k->streams.draining = true;
	for (uint64_t now; !streams_ended(&k->streams) && (now = now_millis()) < end;)
		serve_round(k, (int)(end - now));
	streams_finish(&k->streams);
}

/* Nothing was made that needs us: what we made goes as well. */
static void remove_everything(const struct context *c)
{
	static const char *const names[] = {"gate", "started", "keeper.sock", "log", "hooks", "exit.json.new"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		(void)unlinkat(c->state_dir, names[i], 0);
}

int keeper_main(int argc, char **argv)
{
	static struct keeper k; /* zeroed, and not on the stack: most of it is never touched */
	int r;

	(void)argc, (void)argv;
	(void)prctl(PR_SET_NAME, "slipway-keeper");
	(void)setsid(); /* fails only where whoever spawned us did it */
	context_init(&k.context, KEEPER);
	streams_init(&k.streams);
	doors_init(&k.doors);
	k.exit_record = -1;
	r = contract_open(&k.context);
	if (r != 0)
		return r;
	k.signals = prepare_signals();
	r = k.signals < 0 ? contract_complain(&k.context, -errno, "signalfd")
			  : run_steps(&k.context, &k.context.create, 0);
	if (r >= 0 && k.launcher) {
		resist_oom_killer();
		live(&k);
	}
	if (!k.ending.known) {
		remove_everything(&k.context);
		return EXIT_FAILURE;
	}
	close_descriptor(&k.context.control); /* the helper waits for its end, or for a packet */
	drain(&k);
	if (!k.launcher_ended && k.launcher)
		(void)kill(k.launcher, SIGKILL);
	return exit_record_write(k.context.state_dir, k.exit_record, &k.ending) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
