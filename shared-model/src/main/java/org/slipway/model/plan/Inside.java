package org.slipway.model.plan;

import java.util.Optional;

/** What a container's namespaces hold now, asked for while an update is planned. */
public interface Inside {

    /** A container that nothing is known of: nothing can be changed inside. */
    Inside UNKNOWN = new Inside() {
        @Override
        public Optional<ExecRequest.Living> living() {
            return Optional.empty();
        }

        @Override
        public Optional<String> parameter(String path) {
            return Optional.empty();
        }

        @Override
        public String mounts() {
            return "";
        }
    };

    /** Its first process; empty when it has ended. */
    Optional<ExecRequest.Living> living();

    /**
     * A kernel parameter.
     *
     * @param path below {@code /proc/sys}
     * @return its value without the line's end; empty if there is none such
     */
    Optional<String> parameter(String path);

    /** The text of its first process's {@code mountinfo}, see proc_pid_mountinfo(5). */
    String mounts();
}
