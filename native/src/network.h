/* The role "network" of slipway-launch: a socket of rtnetlink(7) in another network namespace. */
#ifndef SLIPWAY_NETWORK_H
#define SLIPWAY_NETWORK_H

/* Enters the network namespace at descriptor 0, makes a socket there and sends it as a packet of kind NETWORK on descriptor
 * 1; what failed is said by a packet of kind FAILED. docs/protocols.md section 10. Returns the exit status. */
int network_main(int argc, char **argv);

#endif
