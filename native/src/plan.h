/* A plan as the native programs see it: docs/protocols.md section 1. */
#ifndef SLIPWAY_PLAN_H
#define SLIPWAY_PLAN_H

#include <stddef.h>
#include <stdint.h>

/* Who does a step; the numbers are part of the format. */
enum actor { HELPER, KEEPER, LAUNCHER, INIT, CALLER };

enum plan_kind { PLAN_CREATE, PLAN_START };

enum operation {
#define STEP(number, name, function, signature) OP_##name = number,
#include "steps.def"
#undef STEP
};

/* One decoded field. Strings and bytes point into the plan's memory; lists are NULL-ended. */
union value {
	uint32_t u;
	uint64_t q;
	const char *s;
	struct {
		const uint8_t *at;
		uint32_t size;
	} b;
	struct {
		const char **at;
		uint32_t count;
	} l;
	struct {
		uint32_t *at;
		uint32_t count;
	} n;
};

struct step {
	uint16_t operation;
	uint8_t actor;
	uint8_t phase;
	uint32_t index;
	const union value *field; /* as many as the operation's signature has letters */
};

struct plan {
	enum plan_kind kind;
	uint32_t count;
	struct step *steps;
	void *mapping; /* of plan_open, else NULL */
	size_t size;
};

/* An operation's signature, or NULL if there is no such operation. */
const char *operation_signature(uint16_t operation);

/* An operation's name, or "?". */
const char *operation_name(uint16_t operation);

/* Decodes a plan from bytes, which must outlive it. Returns 0, -EBADMSG for anything that is not exactly a plan, or
 * -ENOMEM; on failure nothing is held. */
int plan_decode(const uint8_t *bytes, size_t size, struct plan *ret_plan);

/* Maps the plan in a memory file read-only and decodes it. Returns as plan_decode, -EPERM if the file is not sealed
 * against writing, growing and shrinking, or what fstat and mmap say. */
int plan_open(int fd, struct plan *ret_plan);

/* Lets go of a plan; harmless for one that is all zero. */
void plan_close(struct plan *plan);

#endif
