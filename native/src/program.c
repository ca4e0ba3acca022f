#include "program.h"
#include "context.h"
#include "path.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_LINE 256 /* BINPRM_BUF_SIZE: the kernel reads no more of a script either */
#define MOST_NESTED 4  /* an interpreter may be a script; the kernel goes five deep */
#define MOST_HEADERS 128
#define MOST_ENTRIES 256

#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#define OWN_OTHER EM_386
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#define OWN_OTHER EM_ARM
#else
#define OWN_MACHINE EM_NONE
#define OWN_OTHER EM_NONE
#endif

/* What is needed of a header, whatever its class. */
struct elf {
	int bits;
	uint64_t headers; /* where the program headers stand */
	unsigned size, count;
};

static const char *machine_name(unsigned machine)
{
	switch (machine) {
	case EM_386:
		return "i386";
	case EM_X86_64:
		return "x86_64";
	case EM_ARM:
		return "arm";
	case EM_AARCH64:
		return "aarch64";
	case EM_RISCV:
		return "riscv";
	case EM_PPC64:
		return "ppc64";
	case EM_S390:
		return "s390";
	case EM_MIPS:
		return "mips";
	default:
		return NULL;
	}
}

/* Whether the kernel of this machine takes the file by itself; the machine goes to *ret. */
static bool is_native(const unsigned char *head, unsigned *ret)
{
	uint16_t machine;

	memcpy(&machine, head + offsetof(Elf64_Ehdr, e_machine), sizeof machine);
	if (head[EI_DATA] != ELFDATA2LSB)
		machine = (uint16_t)(machine << 8 | machine >> 8);
	*ret = machine;
	return head[EI_DATA] == ELFDATA2LSB && (machine == OWN_MACHINE || machine == OWN_OTHER);
}

static bool elf_layout(const unsigned char *head, size_t size, struct elf *ret)
{
	if (head[EI_CLASS] == ELFCLASS64 && size >= sizeof(Elf64_Ehdr)) {
		Elf64_Ehdr wide;

		memcpy(&wide, head, sizeof wide);
		*ret = (struct elf){64, wide.e_phoff, wide.e_phentsize, wide.e_phnum};
		return ret->size == sizeof(Elf64_Phdr);
	}
	if (head[EI_CLASS] == ELFCLASS32 && size >= sizeof(Elf32_Ehdr)) {
		Elf32_Ehdr narrow;

		memcpy(&narrow, head, sizeof narrow);
		*ret = (struct elf){32, narrow.e_phoff, narrow.e_phentsize, narrow.e_phnum};
		return ret->size == sizeof(Elf32_Phdr);
	}
	return false;
}

/* The dynamic loader that a program names, or an empty text. */
static void find_loader(int fd, const struct elf *elf, char *ret_text, size_t size)
{
	ret_text[0] = 0;
	for (unsigned i = 0; i < elf->count && i < MOST_HEADERS; i++) {
		uint64_t at = elf->headers + (uint64_t)i * elf->size, offset, length;
		union {
			Elf32_Phdr narrow;
			Elf64_Phdr wide;
		} header;

		if (at > INT64_MAX - sizeof header || pread(fd, &header, elf->size, (off_t)at) != (ssize_t)elf->size)
			return;
		if ((elf->bits == 64 ? header.wide.p_type : header.narrow.p_type) != PT_INTERP)
			continue;
		offset = elf->bits == 64 ? header.wide.p_offset : header.narrow.p_offset;
		length = elf->bits == 64 ? header.wide.p_filesz : header.narrow.p_filesz;
		if (length < 2 || length > size || offset > INT64_MAX ||
			pread(fd, ret_text, length, (off_t)offset) != (ssize_t)length || ret_text[length - 1] != 0)
			ret_text[0] = 0; /* the kernel says ENOEXEC */
		return;
	}
}

static enum trap elf_trap(
	int root, const char *cwd, int fd, const unsigned char *head, size_t size, char *ret_text, size_t text_size)
{
	const char *theirs;
	unsigned machine;
	struct elf elf;
	int r;

	if (size < sizeof(Elf32_Ehdr))
		return TRAP_FORMAT;
	if (!is_native(head, &machine)) {
		theirs = machine_name(machine);
		if (theirs)
			(void)snprintf(ret_text, text_size, "%s", theirs);
		else
			(void)snprintf(ret_text, text_size, "machine %u", machine);
		return TRAP_MACHINE;
	}
	if (!elf_layout(head, size, &elf))
		return TRAP_FORMAT;
	find_loader(fd, &elf, ret_text, text_size);
	if (!ret_text[0])
		return TRAP_NONE;
	r = check_executable(root, cwd, ret_text);
	return r == -ENOENT || r == -ENOTDIR || r == -EACCES ? TRAP_LOADER : TRAP_NONE;
}

/* The interpreter in the first line of a script, as the kernel reads it: up to a space, a tab or the line's end. */
static enum trap find_interpreter(const char *line, size_t size, char *ret_text, size_t text_size)
{
	const char *begin = line + 2, *end = line + size;
	const char *last = memchr(begin, '\n', (size_t)(end - begin));
	size_t length = 0;

	if (last)
		end = last;
	while (begin < end && (*begin == ' ' || *begin == '\t'))
		begin++;
	while (begin + length < end && begin[length] != ' ' && begin[length] != '\t' && begin[length] != 0)
		length++;
	if (length == 0 || length >= text_size || (!last && begin + length == end && size == FIRST_LINE))
		return TRAP_FORMAT; /* none, or one that the kernel finds cut off */
	memcpy(ret_text, begin, length);
	ret_text[length] = 0;
	return ret_text[length - 1] == '\r' ? TRAP_CARRIAGE_RETURN : TRAP_NONE;
}

static enum trap trap_of(int root, const char *cwd, const char *path, char *ret_text, size_t size, int nested)
{
	char head[FIRST_LINE], interpreter[PATH_MAX];
	AUTO_CLOSE int fd = open_relative_beneath(root, cwd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat about;
	enum trap trap;
	ssize_t n;
	int r;

	ret_text[0] = 0;
	if (fd < 0 || fstat(fd, &about) < 0 || !S_ISREG(about.st_mode))
		return TRAP_NONE;
	n = pread(fd, head, sizeof head, 0);
	if (n < 0)
		return TRAP_NONE;
	if (n >= EI_NIDENT && memcmp(head, ELFMAG, SELFMAG) == 0)
		return elf_trap(root, cwd, fd, (const unsigned char *)head, (size_t)n, ret_text, size);
	if (n < 3 || head[0] != '#' || head[1] != '!')
		return TRAP_FORMAT;
	trap = find_interpreter(head, (size_t)n, interpreter, sizeof interpreter);
	if (trap == TRAP_FORMAT)
		return trap;
	(void)snprintf(ret_text, size, "%.*s", (int)strcspn(interpreter, "\r"), interpreter);
	r = check_executable(root, cwd, interpreter);
	if (r == -ENOENT && trap == TRAP_CARRIAGE_RETURN)
		return trap;
	if (r == -ENOENT || r == -ENOTDIR || r == -EACCES)
		return TRAP_INTERPRETER;
	return r < 0 || nested == MOST_NESTED ? TRAP_NONE : trap_of(root, cwd, interpreter, ret_text, size, nested + 1);
}

enum trap program_trap(int root, const char *cwd, const char *path, char *ret_text, size_t size)
{
	return trap_of(root, cwd, path, ret_text, size, 0);
}

/* Whether an entry of the root is a directory with nothing in it, or one that something is mounted on. */
static bool is_hollow(int root, const char *name, dev_t own)
{
	int fd = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	struct stat about;
	bool empty = true;
	DIR *directory;

	if (fd < 0 || fstat(fd, &about) < 0 || about.st_dev != own) {
		bool mounted = fd >= 0;

		close_descriptor(&fd);
		return mounted;
	}
	directory = fdopendir(fd);
	if (!directory) {
		close_descriptor(&fd);
		return false;
	}
	while (empty && (entry = readdir(directory)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	(void)closedir(directory);
	return empty;
}

int root_is_bare(int root)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), seen = 0;
	struct dirent *entry;
	struct stat about;
	bool bare = true;
	DIR *directory;

	if (fd < 0 || fstat(fd, &about) < 0 || !(directory = fdopendir(fd))) {
		close_descriptor(&fd);
		return false;
	}
	while (bare && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		bare = ++seen <= MOST_ENTRIES && is_hollow(root, entry->d_name, about.st_dev);
	}
	(void)closedir(directory);
	return bare;
}
