package org.slipway.model.plan;

/**
 * The container's record below the state directory.
 */
public sealed interface RecordOp extends Op {

    /**
     * Makes the container's state directory, which reserves its id; then writes the intent: both plans, before the first deed.
     * Fails with EEXIST when the id is taken.
     */
    record ReserveState(String directory) implements RecordOp {
        @Override
        public int number() {
            return 3;
        }

        @Override
        public String call() {
            return "mkdir(" + Calls.quoted(directory) + ", 0700)";
        }
    }

    /** Removes the container's state directory and frees its id. */
    record RemoveState(String directory) implements RecordOp {
        @Override
        public int number() {
            return 4;
        }

        @Override
        public String call() {
            return "rm -r " + Calls.quoted(directory);
        }
    }

    /** Writes {@code state.json}: to a temporary file, then renamed. */
    record RecordStatus(String status) implements RecordOp {
        @Override
        public int number() {
            return 5;
        }

        @Override
        public String call() {
            return "rename(\"state.json.new\", \"state.json\") with status " + status;
        }
    }

    /**
     * Writes the state where 0.3 has it: the file below the directory that its text names, and at the place that the comment on its
     * type names a link to that directory. Fails with EEXIST when somebody's container of that name has one.
     *
     * @param stateHead the state JSON up to the pid's digits, which the helper fills in
     * @param stateTail the state JSON after them
     */
    record WriteStateFile(String directory, String link, String stateHead, String stateTail) implements RecordOp {
        @Override
        public int number() {
            return 201;
        }

        @Override
        public String call() {
            return "mkdir(" + Calls.quoted(directory) + ", 0755), write(" + Calls.quoted(directory + "/state.json")
                    + "), symlink(" + Calls.quoted(directory) + ", " + Calls.quoted(link) + ")";
        }
    }

    /** Takes both away, and the directories that held them if they are empty then. */
    record RemoveStateFile(String directory, String link) implements RecordOp {
        @Override
        public int number() {
            return 202;
        }

        @Override
        public String call() {
            return "unlink(" + Calls.quoted(link) + "), rm -r " + Calls.quoted(directory);
        }
    }
}
