package org.slipway.model.plan;

/**
 * What is done inside a container that lives, by a launcher that enters it, does its steps and ends; nothing of the container is executed.
 * Most of its steps are those of create and exec ({@code docs/adr/0015-changes-inside.md}).
 */
public sealed interface VisitOp extends Op {

    /** The helper starts a launcher without a keeper, which does the launcher's steps up to its next barrier. */
    record SpawnVisitor() implements VisitOp {
        @Override
        public int number() {
            return 152;
        }

        @Override
        public String call() {
            return "posix_spawn(slipway-launch launcher)";
        }
    }

    /** The helper waits until the visiting launcher has ended. */
    record EndVisit() implements VisitOp {
        @Override
        public int number() {
            return 157;
        }

        @Override
        public String call() {
            return "waitid(launcher)";
        }
    }

    /** Unmounts what lies topmost on a target, with what is mounted below it; EINVAL if nothing is. What is open stays so. */
    record DetachMount(String target) implements VisitOp {
        @Override
        public int number() {
            return 153;
        }

        @Override
        public String call() {
            return "umount2(" + Calls.quoted(target) + ", MNT_DETACH)";
        }
    }

    /** Removes a device node or fifo; EEXIST if something else is in its place. Members as in {@link MountOp.MakeDevice}. */
    record RemoveDevice(String path, int mode, int major, int minor) implements VisitOp {
        @Override
        public int number() {
            return 154;
        }

        @Override
        public String call() {
            return "unlinkat(root, " + Calls.quoted(path) + ")";
        }
    }

    /** Gives the container's terminal another size, through its keeper. */
    record ResizeTerminal(int width, int height) implements VisitOp {
        @Override
        public int number() {
            return 155;
        }

        @Override
        public String call() {
            return "ioctl(terminal, TIOCSWINSZ, {" + height + ", " + width + "})";
        }
    }

    /** Makes what files are masked with, in a mount namespace of its own that is left again when the container's is entered. */
    record PrepareMasks() implements VisitOp {
        @Override
        public int number() {
            return 156;
        }

        @Override
        public String call() {
            return "unshare(CLONE_NEWNS), fsmount(tmpfs), open_tree(\"empty\", OPEN_TREE_CLONE)";
        }
    }
}
