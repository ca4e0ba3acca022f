/* System calls that C libraries do not wrap, or not all of them, with their constants: Linux 5.12 and newer. Neither
 * <sys/mount.h> nor <linux/mount.h> may be included beside this: the two contradict each other on some systems. */
#ifndef SLIPWAY_SYSCALLS_H
#define SLIPWAY_SYSCALLS_H

#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#define TREE_CLONE 1 /* OPEN_TREE_CLONE */
#define TREE_CLOEXEC O_CLOEXEC
#define MOVE_EMPTY_PATHS 0x44 /* MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH */
#define CONFIG_SET_FLAG 0
#define CONFIG_SET_STRING 1
#define CONFIG_CREATE 6
#define CONFIG_RECONFIGURE 7
#define FLAG_REC 0x4000	     /* MS_REC */
#define FLAG_SLAVE 0x80000   /* MS_SLAVE */
#define FLAG_PRIVATE 0x40000 /* MS_PRIVATE */
#define ATTRIBUTE_RDONLY 0x1 /* MOUNT_ATTR_… */
#define ATTRIBUTE_NOSUID 0x2
#define ATTRIBUTE_NODEV 0x4
#define ATTRIBUTE_NOEXEC 0x8
#define ATTRIBUTE_ATIME 0x70 /* the whole field */
#define ATTRIBUTE_NODIRATIME 0x80
#define ATTRIBUTE_IDMAP 0x100000
#define UNMOUNT_DETACH 2	  /* MNT_DETACH */
#define RESOLVE_WITHIN_MOUNT 0x01 /* RESOLVE_NO_XDEV */
#define RESOLVE_NOT_MAGIC 0x02	  /* RESOLVE_NO_MAGICLINKS */
#define RESOLVE_NOT_LINKS 0x04	  /* RESOLVE_NO_SYMLINKS */
#define RESOLVE_BELOW 0x08	  /* RESOLVE_BENEATH */
#define RESOLVE_AS_ROOT 0x10	  /* RESOLVE_IN_ROOT */

struct open_request {
	uint64_t flags, mode, resolve;
};

struct mount_change {
	uint64_t set, clear, propagation, user_namespace;
};

struct clone_request {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
		cgroup;
};

static inline int sys_openat2(int directory, const char *path, const struct open_request *how)
{
	return (int)syscall(SYS_openat2, directory, path, how, sizeof *how);
}

static inline int sys_open_tree(int directory, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, directory, path, flags);
}

/* Moves the mount that `from` is the root of to the place that `to` stands for. */
static inline int sys_move_mount(int from, int to)
{
	return (int)syscall(SYS_move_mount, from, "", to, "", MOVE_EMPTY_PATHS);
}

static inline int sys_fsopen(const char *type)
{
	return (int)syscall(SYS_fsopen, type, 1 /* FSOPEN_CLOEXEC */);
}

static inline int sys_fsconfig(int fs, unsigned command, const char *key, const char *value)
{
	return (int)syscall(SYS_fsconfig, fs, command, key, value, 0);
}

/* The filesystem of the mount that fd is the root of, to be configured anew. */
static inline int sys_fspick(int fd)
{
	return (int)syscall(SYS_fspick, fd, "", 9 /* FSPICK_CLOEXEC | FSPICK_EMPTY_PATH */);
}

static inline int sys_fsmount(int fs, unsigned attributes)
{
	return (int)syscall(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */, attributes);
}

/* Changes the mount that fd is the root of, and with AT_RECURSIVE those below it. */
static inline int sys_mount_setattr(int fd, unsigned recursive, const struct mount_change *change)
{
	return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | recursive, change, sizeof *change);
}

static inline int sys_clone3(const struct clone_request *request)
{
	return (int)syscall(SYS_clone3, request, sizeof *request);
}

static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

static inline int sys_pidfd_open(int pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

#endif
