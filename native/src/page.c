#include "page.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAGIC 0x47504c53U /* "SLPG" */

int page_open(int state_dir, struct page **ret_page)
{
	int fd = openat(state_dir, "page", O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	struct stat about;
	struct page *page;
	size_t size;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode) || about.st_size < (off_t)sizeof *page) {
		(void)close(fd);
		return -EBADMSG;
	}
	size = (size_t)about.st_size;
	page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (page == MAP_FAILED)
		return -errno;
	if (page->magic != MAGIC || page->version != 1 ||
		(size - sizeof *page) / sizeof(struct record) < (size_t)page->create_steps + page->start_steps) {
		(void)munmap(page, size);
		return -EBADMSG;
	}
	*ret_page = page;
	return 0;
}

static uint64_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

void page_begin(struct page *page, uint32_t number)
{
	struct record *record = &page->records[number];

	record->start = now();
	__atomic_store_n(&record->state, RECORD_STARTED, __ATOMIC_RELEASE);
}

void page_end(struct page *page, uint32_t number, enum record_state state, int error, uint64_t value)
{
	struct record *record = &page->records[number];

	record->end = now();
	record->error = error;
	record->value = value;
	__atomic_store_n(&record->state, (uint32_t)state, __ATOMIC_RELEASE);
}

void page_fail(struct page *page, uint32_t number, int error, const char *text)
{
	if (page->phase == PHASE_FAILED)
		return;
	(void)strncpy(page->text, text, sizeof page->text - 1);
	page->failed_step = number;
	page->error = error;
	__atomic_store_n(&page->phase, (uint32_t)PHASE_FAILED, __ATOMIC_RELEASE);
}
