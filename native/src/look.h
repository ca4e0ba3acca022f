#ifndef SLIPWAY_LOOK_H
#define SLIPWAY_LOOK_H

/* The role "look": argv[2] the namespaces to enter (CLONE_NEW… bits), the rest paths below /proc/sys; 0 is a pidfd of whose they
 * are, 1 the helper's socket. Answers each path with one packet. Returns the exit status. */
int look_main(int argc, char **argv);

#endif
