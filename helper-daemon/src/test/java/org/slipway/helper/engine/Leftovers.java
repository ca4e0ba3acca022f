package org.slipway.helper.engine;

import java.nio.file.Path;
import java.util.List;
import org.slipway.model.test.Machine;

/** What a container could leave behind on this machine, for tests that look more than once. */
final class Leftovers {

    /** In the names of the tests' containers, so that others at work on the same machine do not disturb. */
    static final String TAG = System.getProperty(
            "slipway.test.tag", Long.toString(ProcessHandle.current().pid()));

    private final Machine before;

    private Leftovers(Machine before) {
        this.before = before;
    }

    static Leftovers now(Path state) {
        return new Leftovers(Machine.now(
                List.of(state), () -> List.of(ProcessHandle.current().pid())));
    }

    /** Waits a moment for what the kernel still takes away, then compares. */
    void assertSame(Path state, String when) {
        before.assertSame(when);
    }
}
