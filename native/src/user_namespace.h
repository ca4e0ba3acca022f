/* User namespaces that exist for their mappings alone. */
#ifndef SLIPWAY_USER_NAMESPACE_H
#define SLIPWAY_USER_NAMESPACE_H

#include <stdbool.h>

/* Makes a user namespace with these maps, lines as in /proc/PID/uid_map. Nobody lives in it: it goes with the last
 * descriptor and mount that use it. Returns a descriptor or -errno. */
int make_user_namespace(const char *users, const char *groups);

/* Reads a map of a user namespace (uid_map or gid_map), as this process's namespace sees it, and tells whether it has the
 * same lines, in any order. What was read goes to ret_found, which has room for size bytes. Returns 0 or -errno. */
int compare_map(int namespace, const char *file, const char *lines, bool *ret_same, char *ret_found, int size);

#endif
