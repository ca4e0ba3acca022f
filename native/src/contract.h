/* The descriptors that the roles keeper and launcher are started with: docs/protocols.md section 2. */
#ifndef SLIPWAY_CONTRACT_H
#define SLIPWAY_CONTRACT_H

#include "context.h"

enum {
	FD_CONTROL = 3,
	FD_CREATE_PLAN = 4,
	FD_START_PLAN = 5,
	FD_STATE_DIR = 6,
	FD_CONSOLE_SOCKET = 7,

	STATUS_NOT_TRIED = 125,
};

/* Reads plan and page, and closes whatever else is open. Returns 0, or the exit status of the process; that it failed has
 * been said on the control socket and on standard error. */
int contract_open(struct context *c);

/* Says on the control socket and on standard error what could not even be begun. Returns STATUS_NOT_TRIED. */
int contract_complain(const struct context *c, int error, const char *what);

/* The last step of a plan with that operation, by that actor; NULL if there is none. */
const struct step *contract_find(const struct plan *plan, enum actor actor, enum operation operation);

/* Makes the fifos "gate" and "started" in the state directory and opens the ends that init is born with. Returns 0 or what
 * fail returned. */
int contract_make_fifos(struct context *c);

#endif
