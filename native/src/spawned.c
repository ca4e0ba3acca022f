#include "spawned.h"
#include "contract.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

step_function step_make_fifos;

int step_make_fifos(struct context *c, const struct step *step)
{
	(void)step;
	return contract_make_fifos(c);
}

/* The command knows no plan: that it has started us is proved, and recorded, by our being here. */
static void record_spawn(const struct context *c)
{
	const struct step *spawn = contract_find(&c->create, CALLER, OP_SpawnByCaller);

	if (!spawn || spawn->index >= c->page->create_steps)
		return;
	page_begin(c->page, spawn->index);
	page_end(c->page, spawn->index, RECORD_OK, 0, (uint64_t)getpid());
}

int spawned_main(int argc, char **argv)
{
	static struct context c; /* zeroed, and not on the stack */
	int r;

	(void)prctl(PR_SET_NAME, "slipway-launch");
	/* of the caller's session, directory and mask nothing stays: a key pressed at its terminal is not for init */
	(void)setsid();
	(void)umask(022);
	if (chdir("/") < 0)
		return STATUS_NOT_TRIED;
	context_init(&c, LAUNCHER);
	r = contract_open(&c);
	if (r != 0)
		return r;
	record_spawn(&c);
	/* a visit begins where the helper's own steps end */
	return launcher_main(&c, argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0);
}
