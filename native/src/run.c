#include "context.h"
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Steps of the helper alone have no function here: the symbols are weak, and stay NULL. */
#define STEP(number, name, function, signature) step_function step_##function __attribute__((weak));
#include "steps.def"
#undef STEP

static step_function *const functions[] = {
#define STEP(number, name, function, signature) [number] = step_##function,
#include "steps.def"
#undef STEP
};

void context_init(struct context *c, enum actor role)
{
	memset(c, 0, sizeof *c);
	c->role = role;
	c->control = c->start_plan = c->state_dir = c->console = c->gate = c->started = -1;
	c->pair = c->init = c->hooks = c->root = c->proc = c->terminal = c->empty_file = c->empty_dir = c->clocks =
		c->oom = -1;
	c->covered = c->mounted = c->container = -1;
	for (int i = 0; i < 3; i++)
		c->stdio[i] = -1;
	for (int i = 0; i < MAX_CGROUPS; i++)
		c->cgroups[i] = -1;
	for (int i = 0; i < MAX_SOURCES; i++)
		c->sources[i] = -1;
	for (int i = 0; i < MAX_NAMESPACES; i++)
		c->namespaces[i] = -1;
}

int fail(struct context *c, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(c->text, sizeof c->text, format, arguments);
	va_end(arguments);
	return error;
}

/* A step's place on the page. */
static uint32_t number_of(const struct context *c, const struct plan *plan, uint32_t index)
{
	return plan->kind == PLAN_START ? c->page->create_steps + index : index;
}

/* Stepping: waits until the helper has raised the permits on the page; its end in create is abort. */
static int wait_for_permit(struct context *c, uint32_t number)
{
	while (c->page->permits > 0 && c->page->permits - 1 <= number) {
		struct pollfd control = {.fd = c->control, .events = 0};

		if (poll(&control, 1, 5) > 0 && control.revents & (POLLHUP | POLLERR))
			return -ECANCELED;
	}
	return 0;
}

static void report(struct context *c, const struct plan *plan, uint32_t index, int error)
{
	struct packet packet = {.kind = PACKET_FAILED, .value = (uint32_t)c->value, .error = -error, .step = index};
	size_t size = strlen(c->text);

	page_fail(c->page, number_of(c, plan, index), -error, c->text);
	if (c->control < 0 || plan->kind != PLAN_CREATE)
		return;
	if (size > sizeof packet.text)
		size = sizeof packet.text;
	memcpy(packet.text, c->text, size);
	(void)packet_send(c->control, &packet, size, -1); /* the page says it too */
}

#ifdef SLIPWAY_FAULTS
/* The build for tests: the step that the page names fails, before its deed (even numbers from 2 on) or after it. */
static int injected(struct context *c, uint32_t number, unsigned after)
{
	return c->page->fault == 2 * (number + 1) + after ? fail(c, -EIO, "injected") : 0;
}
#else
static int injected(struct context *c, uint32_t number, unsigned after)
{
	(void)c, (void)number, (void)after;
	return 0;
}
#endif

static int run_step(struct context *c, const struct plan *plan, const struct step *s)
{
	uint32_t number = number_of(c, plan, s->index);
	step_function *function = functions[s->operation];
	int r;

	c->running = plan;
	c->value = 0;
	c->skipped = false;
	c->text[0] = 0;
	page_begin(c->page, number);
	r = injected(c, number, 0);
	if (r >= 0)
		r = function ? function(c, s) : fail(c, -ENOSYS, "run %s here", operation_name(s->operation));
	if (r >= 0)
		r = injected(c, number, 1);
	page_end(c->page, number,
		r < 0	     ? RECORD_FAILED
		: c->skipped ? RECORD_SKIPPED
			     : RECORD_OK,
		r < 0 ? -r : 0, c->value);
	if (r < 0 && r != -ECANCELED)
		report(c, plan, s->index, r);
	return r;
}

int run_steps(struct context *c, const struct plan *plan, uint32_t from)
{
	uint32_t room = plan->kind == PLAN_START ? c->page->start_steps : c->page->create_steps;

	if (plan->count > room)
		return -EBADMSG;
	for (uint32_t i = from; i < plan->count; i++) {
		const struct step *s = &plan->steps[i];
		int r;

		if (s->actor != c->role)
			continue;
		r = wait_for_permit(c, number_of(c, plan, i));
		if (r >= 0)
			r = run_step(c, plan, s);
		if (r < 0)
			return r;
	}
	return 0;
}
