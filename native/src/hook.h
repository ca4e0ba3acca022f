/* The hook role: runs one hook of the runtime namespace under a time limit. docs/protocols.md section 7. */
#ifndef SLIPWAY_HOOK_H
#define SLIPWAY_HOOK_H

/* argv as main got it: slipway-launch hook [--cgroup FILE…] [--timeout MILLIS] -- PATH ARGV0 [ARGV1…].
 * Returns the exit status: the hook's own, 128 + signal, 124 after the timeout, 126 or 127 if it could not be executed,
 * 125 if it was not tried (wrong arguments, or a cgroup that could not be entered). */
int hook_main(int argc, char **argv);

#endif
