/* Why a file will not be executed, seen from hostile and from ordinary files. No privilege needed. PROC-03 */
#include "check.h"
#include "context.h"
#include "path.h"
#include "program.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char top[] = "/tmp/slipway-program-XXXXXX";
static int root;

static void shell(const char *script)
{
	if (setenv("T", top, 1) < 0 || system(script) != 0) {
		printf("cannot run: %s\n", script);
		exit(1);
	}
}

static void file(const char *name, const void *bytes, size_t size)
{
	char path[100];
	FILE *out;

	(void)snprintf(path, sizeof path, "%s/%s", top, name);
	out = fopen(path, "we");
	CHECK(out && fwrite(bytes, 1, size, out) == size);
	if (out)
		(void)fclose(out);
	CHECK_EQUAL(chmod(path, 0755), 0);
}

static void trapped(const char *path, enum trap expected, const char *text, int line)
{
	char said[PATH_MAX];

	check_equal(program_trap(root, "/dir", path, said, sizeof said), expected, __FILE__, line, path);
	check_string(said, text, __FILE__, line, path);
}

#define TRAPPED(path, trap, text) trapped((path), (trap), (text), __LINE__)
#define SCRIPT(name, text) file((name), (text), sizeof(text) - 1)

/* A program of this machine that names a loader, with its header changed. */
static void program(const char *name, const char *loader, uint64_t length, uint64_t offset, uint16_t count)
{
	struct {
		Elf64_Ehdr header;
		Elf64_Phdr first, second;
		char text[64];
	} image;

	memset(&image, 0, sizeof image);
	memcpy(image.header.e_ident, ELFMAG, SELFMAG);
	image.header.e_ident[EI_CLASS] = ELFCLASS64;
	image.header.e_ident[EI_DATA] = ELFDATA2LSB;
#ifdef __x86_64__
	image.header.e_machine = EM_X86_64;
#else
	image.header.e_machine = EM_AARCH64;
#endif
	image.header.e_phoff = sizeof image.header;
	image.header.e_phentsize = sizeof image.first;
	image.header.e_phnum = count;
	image.first.p_type = PT_PHDR;
	image.second.p_type = PT_INTERP;
	image.second.p_offset = offset ? offset : offsetof(__typeof__(image), text);
	image.second.p_filesz = length ? length : strlen(loader) + 1;
	(void)snprintf(image.text, sizeof image.text, "%s", loader);
	file(name, &image, sizeof image);
}

static void scripts_need_their_interpreter(void)
{
	SCRIPT("good", "#!/bin/sh\n");
	TRAPPED("/good", TRAP_NONE, "");
	SCRIPT("spaced", "#! \t /bin/sh -e\n");
	TRAPPED("/spaced", TRAP_NONE, "");
	SCRIPT("missing", "#!/bin/bash -e\necho\n");
	TRAPPED("/missing", TRAP_INTERPRETER, "/bin/bash");
	SCRIPT("through", "#!/good/sh\n");
	TRAPPED("/through", TRAP_INTERPRETER, "/good/sh");
	SCRIPT("forbidden", "#!/bin/secret\n");
	TRAPPED("/forbidden", TRAP_INTERPRETER, "/bin/secret");
	SCRIPT("directory", "#!/bin\n");
	TRAPPED("/directory", TRAP_INTERPRETER, "/bin");
	SCRIPT("dir/relative", "#!run\n");
	TRAPPED("/dir/relative", TRAP_NONE, ""); /* a relative one counts from the working directory */
	TRAPPED("relative", TRAP_NONE, "");
	SCRIPT("windows", "#!/bin/sh\r\necho\r\n");
	TRAPPED("/windows", TRAP_CARRIAGE_RETURN, "/bin/sh");
	SCRIPT("nested", "#!/missing\n");
	TRAPPED("/nested", TRAP_INTERPRETER, "/bin/bash");
	SCRIPT("endless", "#!/endless\n");
	TRAPPED("/endless", TRAP_NONE, "/endless"); /* the kernel says ELOOP */
	SCRIPT("escaping", "#!/../../../../../../../../etc/passwd\n");
	TRAPPED("/escaping", TRAP_INTERPRETER, "/../../../../../../../../etc/passwd");
}

static void what_has_no_format_is_said_to_have_none(void)
{
	char line[400];

	SCRIPT("empty", "");
	TRAPPED("/empty", TRAP_FORMAT, "");
	SCRIPT("short", "#!");
	TRAPPED("/short", TRAP_FORMAT, "");
	SCRIPT("plain", "echo hello\n");
	TRAPPED("/plain", TRAP_FORMAT, "");
	SCRIPT("nobody", "#! \n/bin/sh\n");
	TRAPPED("/nobody", TRAP_FORMAT, "");
	memset(line, 'a', sizeof line);
	memcpy(line, "#!/", 3);
	file("cut", line, sizeof line);
	TRAPPED("/cut", TRAP_FORMAT, "");
	SCRIPT("elf", "\177ELF");
	TRAPPED("/elf", TRAP_FORMAT, "");
	TRAPPED("/bin", TRAP_NONE, "");	    /* no file */
	TRAPPED("/nowhere", TRAP_NONE, ""); /* no question of ours */
	TRAPPED("/fifo", TRAP_NONE, "");
}

static void programs_need_their_loader(void)
{
	program("linked", "/lib/ld.so", 0, 0, 2);
	TRAPPED("/linked", TRAP_LOADER, "/lib/ld.so");
	program("loaded", "/bin/sh", 0, 0, 2);
	TRAPPED("/loaded", TRAP_NONE, "/bin/sh");
	program("static", "/lib/ld.so", 0, 0, 1);
	TRAPPED("/static", TRAP_NONE, "");
	/* lies: none is believed, and nothing is read beyond what is there */
	program("long", "/lib/ld.so", UINT64_MAX, 0, 2);
	TRAPPED("/long", TRAP_NONE, "");
	program("far", "/lib/ld.so", 0, UINT64_MAX, 2);
	TRAPPED("/far", TRAP_NONE, "");
	program("beyond", "/lib/ld.so", 0, 1 << 20, 2);
	TRAPPED("/beyond", TRAP_NONE, "");
	program("unended", "/lib/ld.so", 5, 0, 2);
	TRAPPED("/unended", TRAP_NONE, "");
	program("many", "/lib/ld.so", 0, 0, UINT16_MAX);
	TRAPPED("/many", TRAP_LOADER, "/lib/ld.so");
}

static void other_machines_are_named(void)
{
	Elf64_Ehdr header;

	memset(&header, 0, sizeof header);
	memcpy(header.e_ident, ELFMAG, SELFMAG);
	header.e_ident[EI_CLASS] = ELFCLASS64;
	header.e_ident[EI_DATA] = ELFDATA2LSB;
	header.e_machine = EM_RISCV;
	file("riscv", &header, sizeof header);
	TRAPPED("/riscv", TRAP_MACHINE, "riscv");
	header.e_ident[EI_DATA] = ELFDATA2MSB;
	header.e_machine = (uint16_t)(EM_S390 << 8);
	file("s390", &header, sizeof header);
	TRAPPED("/s390", TRAP_MACHINE, "s390");
	header.e_machine = 0x3412;
	file("odd", &header, sizeof header);
	TRAPPED("/odd", TRAP_MACHINE, "machine 4660");
}

static void a_root_without_files_is_bare(void)
{
	int other;

	CHECK(!root_is_bare(root));
	shell("mkdir -p $T/bare/dev $T/bare/proc $T/bare/etc");
	other = openat(root, "bare", O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK(root_is_bare(other));
	shell("ln -s nowhere $T/bare/link");
	CHECK(!root_is_bare(other));
	shell("rm $T/bare/link; mkdir $T/bare/etc/below");
	CHECK(!root_is_bare(other));
	close_descriptor(&other);
}

int main(void)
{
	if (!mkdtemp(top))
		return 1;
	root = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	shell("mkdir -p $T/bin $T/dir $T/lib && mkfifo $T/fifo && : >$T/bin/secret");
	program("bin/sh", "", 0, 0, 0);
	program("dir/run", "", 0, 0, 0);
	scripts_need_their_interpreter();
	what_has_no_format_is_said_to_have_none();
	programs_need_their_loader();
	other_machines_are_named();
	a_root_without_files_is_bare();
	shell("rm -r $T");
	return check_done();
}
