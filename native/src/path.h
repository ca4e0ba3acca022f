/* The only file that follows path strings (defence D01). Paths of the container are resolved beneath its root, never
 * through magic links; paths of the host are those that the plan names, for use before the pivot. */
#ifndef SLIPWAY_PATH_H
#define SLIPWAY_PATH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum target_kind { TARGET_DIRECTORY, TARGET_FILE };

/* Opens what a path of the container stands for, close-on-exec. `..` and links cannot leave the root. Returns a
 * descriptor or -errno; -EAGAIN only if somebody renames without end. */
int open_beneath(int root, const char *path, int flags);

/* The same, but a symbolic link anywhere on the way is -ELOOP. */
int open_beneath_strictly(int root, const char *path, int flags);

/* Makes what is missing of a path of the container, directories by mkdirat on each part, and opens it O_PATH. Returns a
 * descriptor or -errno; a link that leads nowhere is -EEXIST or -ENOTDIR. */
int make_beneath(int root, const char *path, enum target_kind kind);

/* Opens the directory that holds the last part of a path, made if missing, O_PATH; that part goes to ret_name, which
 * has room for 256 bytes. A path without a last part (`/`, `a/..`) is -EINVAL. */
int open_parent_beneath(int root, const char *path, char *ret_name);

/* Enters a directory of the container and checks that it lies inside the root (defence D07). Returns 0 or -errno. */
int enter_beneath(int root, const char *path);

/* Opens a path of the host, close-on-exec; links are followed. Returns a descriptor or -errno. */
int open_host(const char *path, int flags);

/* The same for a path that a configuration names: a magic link on the way, which would lead to what this process has open or
 * may look at, is -ELOOP. Namespaces are named by such links, and opened by open_host. */
int open_named(const char *path, int flags);

/* Enters a directory and makes it this process's root by chroot. Returns 0 or -errno. */
int change_root(int directory);

/* Opens what a path of the container stands for; a relative one counts from cwd. */
int open_relative_beneath(int root, const char *cwd, const char *path, int flags);

/* Whether this process may execute a regular file: 0, or -ENOENT, -EACCES and so on. */
int check_executable(int root, const char *cwd, const char *path);

/* Finds the program that execvp would execute: name as it is if it has a slash, else along PATH in env. The result in
 * ret_path is what to give to execve. cwd is where a relative one counts from. Returns 0, -ENOENT, -EACCES for one that
 * is there but may not be executed, or -errno. */
int find_program(int root, const char *cwd, const char *name, const char *const *env, char *ret_path, size_t size);

/* Opens a file of a procfs of our own; nothing mounted over it and no link is followed. */
int open_proc(int proc, const char *path, int flags);

/* Opens the process's own directory of a procfs. */
int open_proc_self(int proc);

/* The id of the mount that fd lies on, never used again while the machine runs where the kernel can say so (6.8). */
int mount_id(int fd, uint64_t *ret_id);

#endif
