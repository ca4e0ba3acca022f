/* What the launcher's and init's step functions share. */
#ifndef SLIPWAY_LAUNCHER_H
#define SLIPWAY_LAUNCHER_H

#include "context.h"

#include <sys/stat.h>

/* Init, in the process that CloneInit made, with that step's index plus one: the rest of create, the gate, start.
 * Returns the exit status for _exit; does not return when the program was executed. */
int init_main(struct context *c, uint32_t from);

/* Notes which namespaces the launcher began in: to be called before it joins one. */
void note_host_namespaces(struct context *c);

/* A procfs that belongs to this context and that nobody can mount over (defence D03): a new one, or, where the kernel
 * does not allow that in a user namespace, the host's, opened before the pivot. Returns 0 or what fail returned. */
int need_proc(struct context *c);

/* Writes a file of init's own directory in /proc, dumpable only for as long as it takes, and only if needed: the files
 * of a process that is not dumpable belong to root of the host. */
int write_own_proc(struct context *c, const char *name, const char *text);

/* Writes all of text by one write. Returns 0 or -errno. */
int write_text(int fd, const char *text);

/* Puts a detached mount at a path beneath the root, and checks that it is what the path now leads to (defence D02).
 * strictly: no link on the way. Before the pivot, a path that leads into a procfs and does not say so is refused: an image
 * has put a link there. Returns 0 or what fail returned. */
int attach_beneath(struct context *c, int tree, const char *target, bool strictly);

/* Launcher: takes a detached mount under that number, for init to be born with, or sends it. Returns 0 or what fail
 * returned. */
int keep_source(struct context *c, const struct step *s, uint32_t slot, int tree);

/* An empty file of our own that files are masked with, as a detached mount that is read-only. Where detached mounts can't be
 * copied it lies over the context's root for a moment. Returns a descriptor or -errno. */
int mask_file(const struct context *c);

/* Whether a file is that device, or a fifo if mode says so. */
bool is_node_of(const struct stat *about, uint32_t mode, uint32_t major, uint32_t minor);

/* Reads packets between launcher and init until the signal for that barrier; sources are kept. */
int await_pair(struct context *c, uint32_t barrier);

#endif
