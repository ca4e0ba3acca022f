/* The launcher as the calling command starts it, where an engine waits for the container itself. */
#ifndef SLIPWAY_SPAWNED_H
#define SLIPWAY_SPAWNED_H

/* The role: descriptors of docs/protocols.md section 2, the standard streams are the caller's own. Init becomes a child of
 * our parent, the command, and of whoever takes in its children when it ends. Returns the exit status of the process. */
int spawned_main(int argc, char **argv);

#endif
