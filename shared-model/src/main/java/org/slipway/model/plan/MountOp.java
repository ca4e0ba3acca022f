package org.slipway.model.plan;

import java.util.List;

/**
 * Mounts, devices, links and the root. Targets are paths as seen from inside the root, always resolved beneath it with
 * {@code openat2(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)}; attributes are the MOUNT_ATTR_… bits of mount_setattr(2).
 */
public sealed interface MountOp extends Op {

    long RDONLY = 0x1;
    long NOSUID = 0x2;
    long NODEV = 0x4;
    long NOEXEC = 0x8;
    long NOATIME = 0x10;
    long STRICTATIME = 0x20;
    /** All bits of the access-time field: cleared together, see mount_setattr(2). */
    long ATIME_FIELD = 0x70;

    long NODIRATIME = 0x80;
    long NOSYMFOLLOW = 0x200000;

    int MS_REC = 0x4000;
    int MS_UNBINDABLE = 0x20000;
    int MS_PRIVATE = 0x40000;
    int MS_SLAVE = 0x80000;
    int MS_SHARED = 0x100000;

    private static String propagation(int flags) {
        return switch (flags & ~MS_REC) {
            case MS_UNBINDABLE -> "MS_UNBINDABLE";
            case MS_PRIVATE -> "MS_PRIVATE";
            case MS_SLAVE -> "MS_SLAVE";
            case MS_SHARED -> "MS_SHARED";
            default -> Integer.toHexString(flags);
        };
    }

    /** What a missing mount point is made as. */
    enum Target implements PlanCodec.Numbered {
        DIRECTORY,
        FILE,
        LIKE_SOURCE;

        @Override
        public int number() {
            return ordinal();
        }
    }

    /**
     * Changes propagation of a mount, of init's mount namespace before the pivot ({@code /}) or of the root after it.
     *
     * @param flags one of MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE
     * @param recursive whether what is mounted below changes too
     */
    record SetPropagation(String target, int flags, boolean recursive) implements MountOp {
        @Override
        public int number() {
            return 60;
        }

        @Override
        public String call() {
            return "mount(NULL, " + Calls.quoted(target) + ", NULL, " + propagation(flags)
                    + (recursive ? "|MS_REC" : "") + ", NULL)";
        }
    }

    /**
     * Binds the root filesystem with all mounts below onto itself, at its path on the host, so that it is a mount that can be pivoted
     * to, and opens it as the root of every later target.
     *
     * @param receives whether what the host mounts below it later is seen there; else it is cut off
     */
    record AttachRoot(String path, boolean receives) implements MountOp {
        @Override
        public int number() {
            return 61;
        }

        @Override
        public String call() {
            return "open_tree(" + Calls.quoted(path) + ", OPEN_TREE_CLONE|AT_RECURSIVE), move_mount(…, "
                    + Calls.quoted(path) + ")";
        }
    }

    /**
     * Makes a missing mount point, each missing part of the path by mkdirat.
     *
     * @param kind what to make
     * @param source for {@code LIKE_SOURCE}: the path that tells whether a directory or a file is needed, or {@code #N} for the
     *     source in slot N, whose path init may not be able to see
     */
    record MakeTarget(String target, Target kind, String source) implements MountOp {
        @Override
        public int number() {
            return 62;
        }

        @Override
        public String call() {
            return "mkdirat(root, " + Calls.quoted(target) + ") if missing"
                    + (kind == Target.LIKE_SOURCE
                            ? ", like " + Calls.quoted(source)
                            : kind == Target.FILE ? ", a file" : "");
        }
    }

    /**
     * A new filesystem: fsopen, fsconfig, fsmount, move_mount.
     *
     * @param options each {@code key} or {@code key=value}, in order, for fsconfig
     * @param propagation MS_… flag, or 0 to leave it
     */
    record MountFilesystem(
            String type, String source, String target, long attributes, List<String> options, int propagation)
            implements MountOp {
        public MountFilesystem {
            options = List.copyOf(options);
        }

        @Override
        public int number() {
            return 63;
        }

        @Override
        public String call() {
            return "fsopen(" + Calls.quoted(type) + ")"
                    + (options.isEmpty() ? "" : ", fsconfig(" + String.join(",", options) + ")") + ", fsmount("
                    + Calls.attributes(attributes) + "), move_mount(…, " + Calls.quoted(target) + ")";
        }
    }

    /**
     * Binds a host path that init itself may open: open_tree, mount_setattr, move_mount.
     *
     * @param set attributes to set
     * @param clear attributes to clear
     * @param recursive whether the whole tree below the source comes along ({@code rbind})
     * @param recursiveSet attributes to set on the whole tree (the {@code r…} options)
     * @param recursiveClear attributes to clear on the whole tree
     * @param propagation MS_… flag, or 0; MS_REC is understood
     */
    record Bind(
            String source,
            String target,
            boolean recursive,
            long set,
            long clear,
            long recursiveSet,
            long recursiveClear,
            int propagation)
            implements MountOp {
        @Override
        public int number() {
            return 64;
        }

        @Override
        public String call() {
            return "open_tree(" + Calls.quoted(source) + ", OPEN_TREE_CLONE" + (recursive ? "|AT_RECURSIVE" : "")
                    + "), mount_setattr(" + Calls.attributes(set) + "), move_mount(…, " + Calls.quoted(target) + ")";
        }
    }

    /**
     * The launcher, which still has the host's rights, makes a detached mount of a source and sends it to init.
     *
     * @param slot its number in this plan
     */
    record OpenSource(int slot, String path, boolean recursive) implements MountOp {
        @Override
        public int number() {
            return 65;
        }

        @Override
        public String call() {
            return "open_tree(" + Calls.quoted(path) + ", OPEN_TREE_CLONE" + (recursive ? "|AT_RECURSIVE" : "")
                    + ") = source " + slot;
        }
    }

    /**
     * The launcher maps the ids of a detached mount: by a user namespace that exists only for this, by one of the host, or by the
     * container's own, once its maps are written.
     *
     * @param recursive whether the mounts below are mapped too ({@code ridmap})
     * @param namespace path of the user namespace that the container joins, or empty
     * @param users lines as in {@code uid_map} for a user namespace that is made; empty where another is taken
     * @param groups likewise as in {@code gid_map}
     */
    record IdMap(int slot, boolean recursive, String namespace, String users, String groups) implements MountOp {
        @Override
        public int number() {
            return 66;
        }

        @Override
        public String call() {
            String made = users.isEmpty() ? "" : "clone3(CLONE_NEWUSER), write(uid_map, gid_map), ";
            return made + "mount_setattr(source " + slot + ", MOUNT_ATTR_IDMAP" + (recursive ? ", AT_RECURSIVE" : "")
                    + ")";
        }
    }

    /** Init attaches a detached mount that the launcher sent; arguments as for {@link Bind}. */
    record Attach(
            int slot, String target, long set, long clear, long recursiveSet, long recursiveClear, int propagation)
            implements MountOp {
        @Override
        public int number() {
            return 67;
        }

        @Override
        public String call() {
            return "mount_setattr(" + Calls.attributes(set) + "), move_mount(source " + slot + ", "
                    + Calls.quoted(target) + ")";
        }
    }

    /** Changes attributes of the mount at a target inside the root ({@code remount}, read-only root). */
    record ChangeAttributes(String target, long set, long clear, boolean recursive) implements MountOp {
        @Override
        public int number() {
            return 68;
        }

        @Override
        public String call() {
            return "mount_setattr(" + Calls.quoted(target) + ", " + (recursive ? "AT_RECURSIVE, " : "") + "set "
                    + Calls.attributes(set) + ", clear " + Calls.attributes(clear) + ")";
        }
    }

    /**
     * Makes a device node or fifo; what is there already is kept if it is the same device, else EEXIST.
     *
     * @param mode type and permission bits, see inode(7)
     */
    record MakeDevice(String path, int mode, int major, int minor, int uid, int gid) implements MountOp {
        @Override
        public int number() {
            return 69;
        }

        @Override
        public String call() {
            return "mknodat(root, " + Calls.quoted(path) + ", 0" + Integer.toOctalString(mode) + ", makedev(" + major
                    + ", " + minor + "))";
        }
    }

    /** Init binds a node of the host, where nodes can't be made and the launcher has no rights to; it must be the device named. */
    record BindDevice(String source, String path, int major, int minor) implements MountOp {
        @Override
        public int number() {
            return 70;
        }

        @Override
        public String call() {
            return "open_tree(" + Calls.quoted(source) + ", OPEN_TREE_CLONE), move_mount(…, " + Calls.quoted(path)
                    + ")";
        }
    }

    /**
     * The launcher makes a detached mount of a device of the host, where nodes can't be made; it must be the device named.
     *
     * @param slot as for {@link OpenSource}
     */
    record OpenDevice(int slot, String path, int major, int minor) implements MountOp {
        @Override
        public int number() {
            return 78;
        }

        @Override
        public String call() {
            return "open_tree(" + Calls.quoted(path) + ", OPEN_TREE_CLONE) = source " + slot;
        }
    }

    /**
     * Copies into the filesystem mounted last what it covers there ({@code tmpcopyup}): contents, modes, owners, links, times and
     * extended attributes, but nothing of other mounts.
     *
     * @param mode whether the topmost directory takes the mode of the covered one
     * @param owner whether it takes its owner
     */
    record CopyUp(String target, boolean mode, boolean owner) implements MountOp {
        @Override
        public int number() {
            return 77;
        }

        @Override
        public String call() {
            return "copy what " + Calls.quoted(target) + " covers";
        }
    }

    /**
     * Changes options of the filesystem that is mounted at a target ({@code remount} with options that are the filesystem's).
     *
     * @param options as for {@link MountFilesystem}
     */
    record Reconfigure(String target, List<String> options) implements MountOp {
        public Reconfigure {
            options = List.copyOf(options);
        }

        @Override
        public int number() {
            return 81;
        }

        @Override
        public String call() {
            return "fspick(" + Calls.quoted(target) + "), fsconfig(" + String.join(",", options)
                    + "), fsconfig(FSCONFIG_CMD_RECONFIGURE)";
        }
    }

    /**
     * Makes a symbolic link; one with the same target is kept.
     *
     * @param ifExists make it only if this path exists inside the container, or empty
     */
    record MakeLink(String target, String path, String ifExists) implements MountOp {
        @Override
        public int number() {
            return 71;
        }

        @Override
        public String call() {
            return "symlinkat(" + Calls.quoted(target) + ", root, " + Calls.quoted(path) + ")";
        }
    }

    /** Makes the attached root the root of init's mount namespace and detaches the former one. */
    record PivotRoot(String path) implements MountOp {
        @Override
        public int number() {
            return 72;
        }

        @Override
        public String call() {
            return "pivot_root(\".\", \".\"), umount2(\".\", MNT_DETACH) in " + Calls.quoted(path);
        }
    }

    /**
     * Moves the attached root over the root of init's mount namespace and enters it by chroot: for machines whose own
     * root can't be pivoted away from. The former root lies below it, out of reach of paths.
     */
    record MoveRoot(String path) implements MountOp {
        @Override
        public int number() {
            return 76;
        }

        @Override
        public String call() {
            return "move_mount(" + Calls.quoted(path) + ", \"/\"), chroot(\".\")";
        }
    }

    /** Hides a path: a file below an empty file, a directory below an empty read-only tmpfs; a missing path is skipped. */
    record MaskPath(String path) implements MountOp {
        @Override
        public int number() {
            return 73;
        }

        @Override
        public String call() {
            return "move_mount(empty, " + Calls.quoted(path) + ")";
        }
    }

    /** Makes a path and what is mounted below it read-only; a missing path is skipped. */
    record ReadonlyPath(String path) implements MountOp {
        @Override
        public int number() {
            return 74;
        }

        @Override
        public String call() {
            return "open_tree(" + Calls.quoted(path)
                    + ", OPEN_TREE_CLONE|AT_RECURSIVE), mount_setattr(AT_RECURSIVE, MOUNT_ATTR_RDONLY), move_mount(…)";
        }
    }

    /** Makes a pseudoterminal in the container's devpts, binds it to {@code /dev/console} and sends the master to its holder. */
    record OpenConsole(int width, int height) implements MountOp {
        @Override
        public int number() {
            return 75;
        }

        @Override
        public String call() {
            return "openat(root, \"dev/pts/ptmx\"), ioctl(TIOCGPTPEER), move_mount(…, \"/dev/console\")";
        }
    }

    /** Labels the root of a filesystem that takes no label as an option: the extended attribute {@code security.selinux}. */
    record LabelMount(String target, String label) implements MountOp {
        @Override
        public int number() {
            return 123;
        }

        @Override
        public String call() {
            return "fsetxattr(" + Calls.quoted(target) + ", \"security.selinux\", " + Calls.quoted(label) + ")";
        }
    }
}
