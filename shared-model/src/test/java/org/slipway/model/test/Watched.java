package org.slipway.model.test;

import java.nio.file.Path;
import java.util.List;

/** A test on a real kernel that says where {@link NothingLeaks} has to look besides the machine itself. */
public interface Watched {

    /** State directories of helpers: no container may be left below one. */
    List<Path> stateDirectories();

    /** Processes of helpers, whose open files are counted; this one where the helper is part of the test. */
    default List<Long> helpers() {
        return List.of(ProcessHandle.current().pid());
    }
}
