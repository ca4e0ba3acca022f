/* A keeper and helper for tests: runs hand-written plans through launcher, init, gate and program, on the real kernel. */
#ifndef SLIPWAY_MACHINE_H
#define SLIPWAY_MACHINE_H

#include "context.h"
#include "encode.h"

struct machine {
	char dir[64]; /* a temporary directory with rootfs/ and state/ */
	char rootfs[80];
	struct encoded create, start;
	struct context context;
	int control;			       /* the helper's end */
	int output;			       /* what the program writes */
	bool unsealed;			       /* the start plan can still be written */
	bool stepped;			       /* permits begin with none */
	const char *id_map;		       /* written when init was cloned; then barrier 2 is given */
	const char *caller_uids, *caller_gids; /* written when a launcher that became its caller asks for maps */
	int launcher;			       /* pid of the launcher */
	int console;			       /* where the master of a terminal arrives */
	int pidfd;
	int init;  /* pid */
	int error; /* of a FAILED packet */
	uint32_t value;
	char text[1024];
	char said[8192]; /* what the program wrote */
	int status;	 /* of init, as waitpid gives it; -1 while it lives */
};

/* A machine with a busybox root and plans that are begun; false if this is not a place for one, which is printed. */
bool machine_make(struct machine *m);

/* The usual create plan: new namespaces (CLONE_NEW… flags besides mount and pid), the root, /proc, /dev with its nodes. */
void machine_usual_create(struct machine *m, uint64_t namespaces);

/* Its parts: CloneInit; the root; /proc and /dev. */
void machine_clone(struct machine *m, uint64_t namespaces);
void machine_root(struct machine *m);
void machine_proc_and_dev(struct machine *m);

/* What follows the last mount: pivot, barrier 5, gate. */
void machine_pivot_and_gate(struct machine *m);

/* Runs a script in which $D is the machine's directory. */
void machine_shell(const struct machine *m, const char *script);

/* The usual start plan: streams, no groups, user 0, the program. */
void machine_usual_start(struct machine *m, const char *const *args);

/* Runs the create plan to the gate. Returns 0, or the errno number of the step that failed, which is in text. */
int machine_create(struct machine *m);

/* Its parts: forks the launcher; plays the helper. */
void machine_spawn(struct machine *m);
int machine_follow(struct machine *m);

/* Opens the gate and waits until the program was executed and has ended. Returns 0 or the page's errno number. */
int machine_start(struct machine *m);

/* Waits until init has ended; its status is in status. */
void machine_wait(struct machine *m);

/* Kills what lives and removes everything. */
void machine_remove(struct machine *m);

/* The record of the first step with that operation. */
struct record *machine_record(struct machine *m, const struct encoded *plan, enum operation operation);

/* Checks that what the program wrote has that in it. */
void machine_said(const struct machine *m, const char *text, int line);

/* Runs a create that must fail with that errno number, saying that; the machine is removed. */
void machine_refused(struct machine *m, int error, const char *text, int line);

#endif
