/* What a role of slipway-launch holds while it runs its steps of a plan, and the runner. */
#ifndef SLIPWAY_CONTEXT_H
#define SLIPWAY_CONTEXT_H

#include "page.h"
#include "plan.h"

#include <stdbool.h>
#include <unistd.h>

#define MAX_CGROUPS 64
#define MAX_SOURCES 1024
#define MAX_NAMESPACES 8
#define HOST_NAMESPACES 4

/* Where the preserved descriptors stand in keeper, launcher and init; AttachStreams moves them to 3…. */
#define FIRST_PRESERVED 8

/* A plan's slots are descriptors of the process whose context this is; -1 stands for none everywhere. The keeper fills
 * the members up to `preserved` before it forks the launcher; the rest is the launcher's and init's. */
struct context {
	enum actor role;
	const char *name; /* of the role, for messages */
	int control;	  /* to the helper, until the gate */
	int start_plan;	  /* the memory file of the start plan */
	int state_dir;
	int stdio[3]; /* what becomes 0, 1 and 2 of the program; -1 with a terminal */
	int console;  /* takes the master of the pseudoterminal: a socket of the keeper, or the console socket */
	int gate;
	int started;
	uint32_t preserved; /* how many descriptors from FIRST_PRESERVED on go to the program */
	struct plan create;
	struct page *page;

	const struct plan *running; /* the plan whose steps run now */
	struct plan start;
	int pair;		/* between launcher and init */
	int init;		/* launcher: pidfd of init */
	int container;		/* exec: pidfd of the first process of the container that is entered; -1 else */
	bool own_pid_namespace; /* init is the first process of a new one */
	bool pivoted;		/* the container's root is ours */
	bool confined;		/* is the caller, who may trace their own processes: never to be made dumpable */
	int clocks;		/* confined: own files of /proc that were opened as root; -1 from CloneInit on */
	int oom;
	int hooks;	/* the file "hooks" of the state directory */
	int root;	/* O_PATH of the container's root */
	int proc;	/* a procfs that nothing can be mounted over */
	int terminal;	/* the slave side of the pseudoterminal */
	int empty_file; /* what files are masked with */
	bool prepared;	/* it is not attached anywhere yet */
	int empty_dir;
	bool no_detached_copies;		   /* take the way of Linux before 6.15: tests alone set it */
	uint64_t host_namespaces[HOST_NAMESPACES]; /* inodes of what the launcher began in; 0 unknown */
	int cgroups[MAX_CGROUPS];
	int sources[MAX_SOURCES];
	int namespaces[MAX_NAMESPACES]; /* launcher: to be joined */
	uint32_t entered;		/* of these, by slot, those that the launcher is in already: a set of bits */
	int covered;			/* init: the directory below the mount made last */
	int mounted;			/* init: that mount */

	uint64_t value;	 /* what the running step has to tell: goes to its record */
	bool skipped;	 /* the running step found nothing to do */
	char text[1024]; /* what the failed step was tried on */
};

/* A step returns 0 or what fail returned. It leaks nothing and never exits. */
typedef int step_function(struct context *c, const struct step *s);

/* Empties a context: every descriptor -1, the rest 0. */
void context_init(struct context *c, enum actor role);

/* Notes what was tried, and on what, and returns error (negative). */
int fail(struct context *c, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Runs the steps of c->role in plan, from the one with index `from`: record on the page, function, record; after a
 * failure page and a FAILED packet (create plan, control still held). Returns 0 or what the failed step returned;
 * -ECANCELED when the plan was aborted, which is no failure of a step. */
int run_steps(struct context *c, const struct plan *plan, uint32_t from);

/* The launcher: to be called in the process that the keeper forked at SpawnLauncher, with that step's index plus one.
 * Runs the launcher's steps; CloneInit makes init. Returns the exit status for _exit; init returns here as well if it
 * fails. The caller has reset nothing: signal mask and dispositions are reset here. */
int launcher_main(struct context *c, uint32_t from);

/* Closes *fd unless it is -1, and makes it -1. */
static inline void close_descriptor(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

#define AUTO_CLOSE __attribute__((cleanup(close_descriptor)))

#endif
