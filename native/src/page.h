/* The result page: what every step of a container did, in memory that needs no system call. docs/protocols.md section 4. */
#ifndef SLIPWAY_PAGE_H
#define SLIPWAY_PAGE_H

#include <stddef.h>
#include <stdint.h>

enum page_phase { PHASE_SETTING_UP, PHASE_AT_GATE, PHASE_STARTING, PHASE_EXECUTING, PHASE_FAILED };
enum record_state { RECORD_NONE, RECORD_STARTED, RECORD_OK, RECORD_FAILED, RECORD_SKIPPED };

struct record {
	uint32_t state;
	int32_t error;	/* a positive errno number */
	uint64_t start; /* CLOCK_MONOTONIC, nanoseconds */
	uint64_t end;
	uint64_t value;
};

/* Written by one process at a time, read by the helper at any time: each member is one aligned store. */
struct page {
	uint32_t magic;
	uint32_t version;
	uint32_t create_steps;
	uint32_t start_steps;
	volatile uint32_t phase;
	volatile uint32_t failed_step;
	volatile int32_t error;
	volatile uint32_t listener;
	volatile uint32_t init;
	volatile uint32_t permits; /* 0: not stepped; else steps numbered below permits - 1 may run */
	uint32_t fault;		   /* looked at by test builds alone: see run.c */
	uint8_t reserved[20];
	char text[960];
	uint8_t unused[4096 - 1024];
	struct record records[];
};

_Static_assert(offsetof(struct page, phase) == 16, "docs/protocols.md section 4");
_Static_assert(offsetof(struct page, init) == 32, "docs/protocols.md section 4");
_Static_assert(offsetof(struct page, text) == 64, "docs/protocols.md section 4");
_Static_assert(offsetof(struct page, records) == 4096, "docs/protocols.md section 4");
_Static_assert(sizeof(struct record) == 32, "docs/protocols.md section 4");

/* Maps the file "page" of the state directory. Returns 0, -EBADMSG if it is not a page of the right size, or what open
 * and mmap say. */
int page_open(int state_dir, struct page **ret_page);

/* Marks a record as begun now. number counts through create and start. */
void page_begin(struct page *page, uint32_t number);

/* Marks a record as ended now, with a positive errno number, or 0. */
void page_end(struct page *page, uint32_t number, enum record_state state, int error, uint64_t value);

/* Notes the first failure of a container; a later one does not hide it. */
void page_fail(struct page *page, uint32_t number, int error, const char *text);

#endif
