/* The decoder takes exactly the plans, and nothing else. Every input lies in a heap block of its own size, so that the
 * sanitizer sees a byte read too far. */
#include "check.h"
#include "encode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int decode(const uint8_t *bytes, size_t size, struct plan *ret_plan)
{
	uint8_t *copy = malloc(size ? size : 1);
	int r;

	memcpy(copy, bytes, size);
	r = plan_decode(copy, size, ret_plan);
	if (r == 0)
		plan_close(ret_plan);
	free(copy);
	return r;
}

static void sample(struct encoded *out)
{
	static const uint32_t groups[] = {5, 10, 4294967294U};

	encode_begin(out, PLAN_START);
	encode_step(out, INIT, OP_SetHostname, "boat");
	encode_step(out, INIT, OP_SetRlimit, 7U, (uint64_t)1024, UINT64_MAX);
	encode_step(out, INIT, OP_SetGroups, groups, sizeof groups / sizeof *groups);
	encode_step(out, HELPER, OP_AttachDeviceFilter, "/sys/fs/cgroup/x", "12345678", (size_t)8);
	encode_step(out, LAUNCHER, OP_CloneInit, (uint64_t)0x20000000, 0U);
	encode_step(out, INIT, OP_ProbeProgram, "sh", (const char *const[]){"PATH=/bin", "", NULL}, "/");
}

static void a_plan_is_decoded_as_it_was_written(void)
{
	struct encoded in;
	struct plan plan;

	sample(&in);
	CHECK_EQUAL(plan_decode(in.bytes, in.size, &plan), 0);
	CHECK_EQUAL(plan.kind, PLAN_START);
	CHECK_EQUAL(plan.count, 6);
	CHECK_STRING(plan.steps[0].field[0].s, "boat");
	CHECK_EQUAL(plan.steps[1].field[0].u, 7);
	CHECK_EQUAL(plan.steps[1].field[1].q, 1024);
	CHECK(plan.steps[1].field[2].q == UINT64_MAX);
	CHECK_EQUAL(plan.steps[2].field[0].n.count, 3);
	CHECK_EQUAL(plan.steps[2].field[0].n.at[2], 4294967294U);
	CHECK_EQUAL(plan.steps[3].actor, HELPER);
	CHECK_EQUAL(plan.steps[3].field[1].b.size, 8);
	CHECK(memcmp(plan.steps[3].field[1].b.at, "12345678", 8) == 0);
	CHECK_EQUAL(plan.steps[4].operation, OP_CloneInit);
	CHECK_EQUAL(plan.steps[5].index, 5);
	CHECK_EQUAL(plan.steps[5].field[1].l.count, 2);
	CHECK_STRING(plan.steps[5].field[1].l.at[0], "PATH=/bin");
	CHECK_STRING(plan.steps[5].field[1].l.at[1], "");
	CHECK(plan.steps[5].field[1].l.at[2] == NULL);
	plan_close(&plan);
	CHECK_EQUAL(plan.count, 0);
}

static void every_truncation_is_refused(void)
{
	struct encoded in;
	struct plan plan;
	size_t taken = 0;

	sample(&in);
	for (size_t size = 0; size < in.size; size++) {
		uint32_t total = (uint32_t)size;

		taken += decode(in.bytes, size, &plan) != -EBADMSG;
		if (size >= 20) { /* and if the header agrees with the shorter size */
			struct encoded shorter = in;

			memcpy(shorter.bytes + 16, &total, 4);
			taken += decode(shorter.bytes, size, &plan) != -EBADMSG;
		}
	}
	CHECK_EQUAL(taken, 0);
}

/* One change to the sample at a place, with the result that it must have. */
static void changed(size_t place, const void *bytes, size_t size, int line)
{
	struct encoded in;
	struct plan plan;

	sample(&in);
	memcpy(in.bytes + place, bytes, size);
	check_equal(decode(in.bytes, in.size, &plan), -EBADMSG, __FILE__, line, "changed plan");
}

#define CHANGED(place, ...)                                                                                            \
	changed(place, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), __LINE__)

static void wrong_bytes_are_refused(void)
{
	CHANGED(0, 'X');		     /* magic */
	CHANGED(4, 2);			     /* version */
	CHANGED(8, 2);			     /* kind */
	CHANGED(12, 5);			     /* fewer steps than there are */
	CHANGED(12, 7);			     /* more */
	CHANGED(12, 0xff, 0xff, 0xff, 0xff); /* far more */
	CHANGED(16, 1);			     /* total size */
	CHANGED(20, 0xff, 0xff, 0xff, 0xff); /* size of the first step */
	CHANGED(20, 7);			     /* shorter than its header */
	CHANGED(24, 19);		     /* no such operation */
	CHANGED(24, 0xff, 0xff);	     /* nor that */
	CHANGED(26, 5);			     /* no such actor */
	CHANGED(28, 1);			     /* the index does not count from 0 */
	CHANGED(32, 'u');		     /* letter */
	CHANGED(33, 0xff, 0xff, 0xff, 0xff); /* size of the string */
	CHANGED(33, 3);			     /* NUL is not where the size says */
	CHANGED(33, 5);			     /* neither */
	CHANGED(38, 0);			     /* NUL inside */
	CHANGED(24, OP_SetUmask);	     /* another signature */
}

static void counts_of_lists_are_bounded(void)
{
	static const uint32_t numbers[] = {1, 2};
	const uint32_t many = 0x40000001;
	struct encoded in;
	struct plan plan;

	encode_begin(&in, PLAN_CREATE);
	encode_step(&in, INIT, OP_SetGroups, numbers, (size_t)2);
	memcpy(in.bytes + 33, &many, 4);
	CHECK_EQUAL(decode(in.bytes, in.size, &plan), -EBADMSG);
	encode_begin(&in, PLAN_CREATE);
	encode_step(&in, INIT, OP_ProbeProgram, "", (const char *const[]){"a", NULL}, "");
	memcpy(in.bytes + 32 + 1 + 4 + 1 + 1, &many, 4);
	CHECK_EQUAL(decode(in.bytes, in.size, &plan), -EBADMSG);
}

static void only_sealed_files_are_opened(void)
{
	struct encoded in;
	struct plan plan;
	int fd = memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	sample(&in);
	CHECK(write(fd, in.bytes, in.size) == (ssize_t)in.size);
	CHECK_EQUAL(plan_open(fd, &plan), -EPERM);
	(void)close(fd);
	fd = encode_sealed(&in);
	CHECK_EQUAL(plan_open(fd, &plan), 0);
	CHECK_EQUAL(plan.count, 6);
	plan_close(&plan);
	(void)close(fd);
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* Two seconds of random changes: no crash, no leak, no read outside (the sanitizers judge). The seed makes it repeat. */
static void random_changes_do_no_harm(void)
{
	uint32_t seed = 20261122;
	struct encoded good;
	struct plan plan;
	time_t end = time(NULL) + 2;
	unsigned long rounds = 0, strange = 0;

	sample(&good);
	while (rounds < 200000 && time(NULL) < end) {
		struct encoded in = good;

		for (uint32_t n = 1 + next(&seed) % 4; n > 0; n--)
			in.bytes[next(&seed) % in.size] = (uint8_t)(next(&seed) % 3 ? next(&seed) : 0xff);
		int r = decode(in.bytes, in.size, &plan);

		strange += r != 0 && r != -EBADMSG;
		rounds++;
	}
	CHECK_EQUAL(strange, 0);
	CHECK(rounds > 100);
}

int main(void)
{
	a_plan_is_decoded_as_it_was_written();
	every_truncation_is_refused();
	wrong_bytes_are_refused();
	counts_of_lists_are_bounded();
	only_sealed_files_are_opened();
	random_changes_do_no_harm();
	return check_done();
}
