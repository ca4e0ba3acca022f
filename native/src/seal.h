/* The program runs only from a copy of itself that nobody can change (defence D05). */
#ifndef SLIPWAY_SEAL_H
#define SLIPWAY_SEAL_H

#include <stdbool.h>

/* The seals that make a memory file immutable: no write, no growing, no shrinking, and no further word on it. */
#define IMMUTABLE_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* Whether fd is a memory file that can never change again. */
bool is_immutable(int fd);

/* Returns 0 if this program already runs from an immutable memory file. Otherwise copies it into one and executes that
 * with the same arguments, environment and descriptors, which does not return; on failure returns -errno. A container
 * that opens /proc/PID/exe of one of our processes for writing thereby reaches only the copy (CVE-2019-5736). */
int run_from_sealed_copy(char **argv);

#endif
