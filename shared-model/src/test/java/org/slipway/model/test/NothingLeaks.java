package org.slipway.model.test;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Compares the machine before and after each test that is tagged {@code kernel}, around its set-up and its tear-down; any difference
 * fails it. Where it is registered, by {@code META-INF/services}, no such test can do without.
 */
public final class NothingLeaks implements BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(NothingLeaks.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        if (concerned(context)) {
            context.getStore(STORE).put("before", machine(context));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (concerned(context)) {
            context.getStore(STORE).get("before", Machine.class).assertSame("after " + context.getDisplayName());
        }
    }

    private static boolean concerned(ExtensionContext context) {
        return context.getTags().contains("kernel");
    }

    private static Machine machine(ExtensionContext context) {
        return context.getTestInstance()
                .filter(Watched.class::isInstance)
                .map(Watched.class::cast)
                .map(test -> Machine.now(test.stateDirectories(), test::helpers))
                .orElseGet(Machine::now);
    }
}
