/* Writes plans by hand, for tests; the real encoder is org.slipway.model.plan.PlanCodec. */
#ifndef SLIPWAY_ENCODE_H
#define SLIPWAY_ENCODE_H

#include "plan.h"

struct encoded {
	uint8_t bytes[65536];
	size_t size;
	uint32_t count;
};

/* Begins a plan. */
void encode_begin(struct encoded *out, enum plan_kind kind);

/* Appends a step. The arguments follow the operation's signature: uint32_t for u, uint64_t for q, const char * for s,
 * (const void *, size_t) for b, a NULL-ended const char *const * for l, (const uint32_t *, size_t) for n. */
void encode_step(struct encoded *out, enum actor actor, enum operation operation, ...);

/* A sealed memory file with the plan. */
int encode_sealed(const struct encoded *plan);

#endif
