/* Becoming somebody else for good: what the confined tier does before it looks at anything of theirs (docs/adr/0004). */
#ifndef SLIPWAY_CALLER_H
#define SLIPWAY_CALLER_H

#include <stddef.h>
#include <sys/types.h>

struct caller {
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* all of them, as the kernel told them */
	size_t group_count;
	int nice; /* taken if it is worse than ours */
};

/* Takes groups, ids and nice value of who, empties every capability set, and leaves the session keyring behind; all is
 * read back. Root is nobody to become. Returns 0, or -errno with what failed in ret_what. Afterwards this process must not
 * go on as if nothing had happened when it failed: it may be half somebody else. */
int become_caller(const struct caller *who, const char **ret_what);

/* Reads "UID:GID:NICE:GROUP,GROUP…": decimal numbers alone. The groups go to ret_groups, which has room for `room`.
 * Returns 0 or -EINVAL. */
int parse_caller(const char *text, struct caller *ret_who, gid_t *ret_groups, size_t room);

/* Reads "RESOURCE:SOFT:HARD" and sets that limit. Returns 0 or -errno. */
int apply_limit(const char *text);

#endif
