package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a mount, a cgroup, a process or a runtime file behind. The helper itself may stay, or be another one. */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(LeakCheck.class);
    private static final Duration SETTLING = Duration.ofSeconds(5);

    /** Whether nobody else uses Slipway on this machine now; else only what bears our name is judged. */
    private static final boolean ALONE = Boolean.getBoolean("slipway.alone");

    private static final Pattern OURS =
            Pattern.compile("slipway-test-?" + ProcessHandle.current().pid());

    /** The helper's own process, the files in which these tests keep output, and the folder of a user's containers. */
    private static final Pattern MAY_CHANGE =
            Pattern.compile("org\\.slipway\\.helper\\.Main|\\.output\\.|^file /run/slipway[^/]*/\\d+$");

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(STORE).put("before", machine());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var before = (List<?>) context.getStore(STORE).get("before");
        try {
            // A keeper ends a moment after it has told of its container's end.
            Shell.await("the machine is as before", SETTLING, () -> machine().equals(before));
        } catch (AssertionError stillDifferent) {
            var left = new TreeSet<>(machine());
            before.forEach(left::remove);
            assertEquals(List.of(), List.copyOf(left), "left behind");
        }
    }

    private static List<String> machine() {
        return Shell.output(Helper.DISTRIBUTION.resolve("../../lib/leaks").toString())
                .lines()
                .filter(line -> !MAY_CHANGE.matcher(line).find())
                .filter(line -> ALONE || OURS.matcher(line).find())
                .toList();
    }
}
