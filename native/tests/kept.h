/* A container under a real keeper process, with the test as its helper: the machine's root and plans, the keeper's steps
 * before them. */
#ifndef SLIPWAY_KEPT_H
#define SLIPWAY_KEPT_H

#include "control.h"
#include "keeper.h"
#include "machine.h"

struct kept {
	struct machine machine;
	struct page *page;
	pid_t keeper;
	int control; /* -1 once the helper "died" */
	int init;    /* pid, 0 before CLONED */
	int door;    /* keeper.sock, -1 */
	int from;    /* what goes to the keeper as 0 and 1; -1: /dev/null */
	int to;
	int preserved[2];
};

/* Makes root and plans with the keeper's steps; false where there is no place for it, which is printed. */
bool kept_begin(struct kept *k, const char *program, enum stream_mode mode, unsigned preserve);

/* The rest of both plans: the usual root, pivot, gate; a shell script as program. pid: a pid namespace of its own. */
void kept_plan(struct kept *k, bool pid, bool terminal, const char *script);

/* Starts the keeper. permits: 0, or how many steps of the create plan may run for now, plus one. */
void kept_spawn(struct kept *k, unsigned permits);

/* Answers until the create plan is at the gate. Returns 0, or the errno number of a step that failed. */
int kept_create(struct kept *k);
void kept_connect(struct kept *k);
void kept_start(struct kept *k);
void kept_send(struct kept *k, enum packet_kind kind, const char *text, unsigned value, unsigned step);

/* Waits until the keeper has ended, at most ten seconds. Returns its exit status, -1 if it had to be killed. */
int kept_wait(struct kept *k);

/* A file of the state directory as text, "" if it is not there. Good until the fourth call after. */
const char *kept_file(const struct kept *k, const char *name);

/* Waits until the log has that text, at most five seconds. */
bool kept_logs(const struct kept *k, const char *text);
void kept_end(struct kept *k);

#endif
