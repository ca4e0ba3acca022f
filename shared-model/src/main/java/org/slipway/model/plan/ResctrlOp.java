package org.slipway.model.plan;

import java.util.List;

/**
 * Groups of the resource control filesystem: shares of cache and memory bandwidth. See the kernel's documentation of resctrl, and
 * config-linux.md, Intel RDT.
 */
public sealed interface ResctrlOp extends Op {

    /** Whose a group is, and so what may be done with it. */
    enum Group implements PlanCodec.Numbered {
        /** The container's own: made, and EEXIST if it is there. */
        OWN(0),
        /** Shared by all who name it: made if it is missing; one that is there must have the same schemata, else EINVAL. */
        SHARED(1),
        /** Somebody else's: ENOENT if it is missing. */
        FOREIGN(2);

        private final int number;

        Group(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /**
     * Makes a group or finds it, and writes its schemata.
     *
     * @param schemata lines for the file of that name, written in this order; none: the file is not written
     */
    record MakeResctrlGroup(String path, Group kind, List<String> schemata) implements ResctrlOp {
        @Override
        public int number() {
            return 38;
        }

        @Override
        public String call() {
            String make = kind == Group.FOREIGN
                    ? "stat(" + Calls.quoted(path) + ")"
                    : "mkdir(" + Calls.quoted(path) + ", 0755)" + (kind == Group.SHARED ? " if missing" : "");
            return schemata.isEmpty()
                    ? make
                    : make + ", write(" + Calls.quoted(path + "/schemata") + ", "
                            + Calls.quoted(String.join("\n", schemata)) + ")";
        }
    }

    /** Removes a group that create made. */
    record RemoveResctrlGroup(String path) implements ResctrlOp {
        @Override
        public int number() {
            return 34;
        }

        @Override
        public String call() {
            return "rmdir(" + Calls.quoted(path) + ")";
        }
    }
}
