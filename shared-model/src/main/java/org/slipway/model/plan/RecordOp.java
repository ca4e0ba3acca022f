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
}
