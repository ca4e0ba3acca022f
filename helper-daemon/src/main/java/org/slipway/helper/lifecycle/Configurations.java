package org.slipway.helper.lifecycle;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slipway.model.check.Checked;
import org.slipway.model.json.Document;
import org.slipway.model.json.Limits;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.profile.Profile;
import org.slipway.model.spec.Spec;

/** Judges configurations within the memory of this process: large ones one after another (CFG-14). */
public final class Configurations {

    private static final Limits LIMITS = Limits.here();

    /** Any number of such texts may be looked at together. */
    private static final int SMALL = 256 << 10;

    private static final ReentrantLock LARGE = new ReentrantLock();

    private Configurations() {}

    /** What is to be said about a configuration and what it becomes, by the profile that it names or by another. */
    public static Checked check(byte[] config, Optional<Profile> forced, Function<Spec, PlanRequest> request) {
        return inTurn(config, () -> Checked.of(Document.parse(config, LIMITS), forced, request));
    }

    /** Does something that parses a configuration; of large ones one at a time. */
    public static <T> T inTurn(byte[] config, Supplier<T> work) {
        if (config.length <= SMALL) {
            return work.get();
        }
        LARGE.lock();
        try {
            return work.get();
        } finally {
            LARGE.unlock();
        }
    }

    /** The largest that is read, in bytes: what is longer would be refused anyway, and cost the memory of others until then. */
    public static int largest() {
        return LIMITS.bytes();
    }

    /** Whether a configuration asks for a terminal. One that cannot be read says no: create will tell what is wrong. */
    public static boolean terminal(byte[] config) {
        return inTurn(
                config,
                () -> Document.parse(config, LIMITS) instanceof Document.Good(Document document)
                        && (terminal(document, "") || terminal(document, "/config.json")));
    }

    private static boolean terminal(Document document, String file) {
        return document.at(file + "/process/terminal")
                .map(node -> node.asBoolean(false))
                .orElse(false);
    }

    /** The text of a configuration that was accepted before. */
    public static Document.Parsed parse(byte[] config) {
        return inTurn(config, () -> Document.parse(config, LIMITS));
    }
}
