/* Why the kernel will not execute a file: the usual traps, seen from the file itself. */
#ifndef SLIPWAY_PROGRAM_H
#define SLIPWAY_PROGRAM_H

#include <stddef.h>

/* The value of a failed ProbeProgram or LoadSeccompAndExec; docs/protocols.md section 4. */
enum trap {
	TRAP_NONE,
	TRAP_INTERPRETER,     /* a script whose interpreter is not there or may not be executed */
	TRAP_CARRIAGE_RETURN, /* the same, because its first line ends with a carriage return */
	TRAP_LOADER,	      /* a program whose dynamic loader is not there */
	TRAP_MACHINE,	      /* a program for another processor */
	TRAP_FORMAT,	      /* neither a program nor a script with a first line that names an interpreter */
	TRAP_BARE_ROOT	      /* the program is not there, and neither is anything else */
};

/* Looks at a file that may be executed, beneath root; a relative path counts from cwd. What is wrong with it goes to
 * ret_text: the interpreter, the loader, or the processor's name. Reads no more than a few hundred bytes of a file and
 * of what it names, and takes nothing in them for true. A file that can't be read has no trap. */
enum trap program_trap(int root, const char *cwd, const char *path, char *ret_text, size_t size);

/* Whether a trap keeps the program from being executed on every machine; binfmt_misc may help with the others. */
static inline int trap_is_certain(enum trap trap)
{
	return trap == TRAP_INTERPRETER || trap == TRAP_CARRIAGE_RETURN || trap == TRAP_LOADER;
}

/* Whether the root holds nothing but empty directories and what was mounted into it. */
int root_is_bare(int root);

#endif
