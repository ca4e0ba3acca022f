#include "contract.h"
#include "control.h"
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4U /* Linux 5.11 */
#endif

#define BEFORE_THE_FIRST_STEP 0xffffffffU

int contract_complain(const struct context *c, int error, const char *what)
{
	struct packet p = {.kind = PACKET_FAILED, .error = -error, .step = BEFORE_THE_FIRST_STEP};
	size_t size = strlen(what);

	memcpy(p.text, what, size);
	(void)packet_send(FD_CONTROL, &p, size, -1);
	(void)dprintf(STDERR_FILENO, "slipway-launch %s: %s: %s\n", c->role == KEEPER ? "keeper" : "launcher", what,
		strerror(-error));
	return STATUS_NOT_TRIED;
}

const struct step *contract_find(const struct plan *plan, enum actor actor, enum operation operation)
{
	const struct step *found = NULL;

	for (uint32_t i = 0; i < plan->count; i++)
		if (plan->steps[i].actor == actor && plan->steps[i].operation == operation)
			found = &plan->steps[i];
	return found;
}

/* Everything that is not ours by the contract was somebody's secret or open file (CVE-2024-21626). */
static void sweep_descriptors(const struct context *c)
{
	const struct step *streams = contract_find(&c->create, c->role, OP_OpenStreams);
	unsigned preserved = streams ? streams->field[1].u : 0;

	if (!streams || streams->field[0].u != STREAMS_CONSOLE_SOCKET)
		(void)close(FD_CONSOLE_SOCKET);
	(void)close(FD_CREATE_PLAN); /* mapped by now */
	(void)syscall(SYS_close_range, FIRST_PRESERVED + preserved, ~0U, 0U);
	(void)syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
}

int contract_open(struct context *c)
{
	int r = plan_open(FD_CREATE_PLAN, &c->create);

	if (r < 0)
		return contract_complain(c, r, "the create plan");
	sweep_descriptors(c);
	c->control = FD_CONTROL;
	c->start_plan = FD_START_PLAN;
	c->state_dir = FD_STATE_DIR;
	r = page_open(FD_STATE_DIR, &c->page);
	return r < 0 ? contract_complain(c, r, "the result page") : 0;
}

static int open_fifo(struct context *c, const char *name, int flags, int *ret_fd)
{
	if (mkfifoat(c->state_dir, name, 0600) < 0)
		return fail(c, -errno, "make fifo '%s'", name);
	*ret_fd = openat(c->state_dir, name, flags | O_CLOEXEC | O_NOFOLLOW);
	return *ret_fd < 0 ? fail(c, -errno, "open fifo '%s'", name) : 0;
}

int contract_make_fifos(struct context *c)
{
	AUTO_CLOSE int reader = -1;
	int r = open_fifo(c, "gate", O_RDWR, &c->gate); /* both ways: a dead helper is no end of file */

	if (r >= 0)
		r = open_fifo(c, "started", O_RDONLY | O_NONBLOCK, &reader); /* without a reader it opens for nobody */
	if (r < 0)
		return r;
	c->started = openat(c->state_dir, "started", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	return c->started < 0 ? fail(c, -errno, "open fifo 'started'") : 0;
}
