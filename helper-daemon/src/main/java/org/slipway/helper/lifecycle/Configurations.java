package org.slipway.helper.lifecycle;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slipway.model.check.Checked;
import org.slipway.model.json.Document;
import org.slipway.model.json.Limits;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.profile.Profile;
import org.slipway.model.spec.Spec;

/** Judges configurations within the memory of this process: large ones one after another (CFG-14). */
public final class Configurations {

    private static final Limits LIMITS =
            Limits.ADMINISTRATOR.within(Runtime.getRuntime().maxMemory());

    /** Any number of such texts may be looked at together. */
    private static final int SMALL = 256 << 10;

    private static final ReentrantLock LARGE = new ReentrantLock();

    private Configurations() {}

    /** What is to be said about a configuration and what it becomes, by the profile that it names or by another. */
    public static Checked check(byte[] config, Optional<Profile> forced, Function<Spec, PlanRequest> request) {
        if (config.length <= SMALL) {
            return Checked.of(Document.parse(config, LIMITS), forced, request);
        }
        LARGE.lock();
        try {
            return Checked.of(Document.parse(config, LIMITS), forced, request);
        } finally {
            LARGE.unlock();
        }
    }

    /** The text of a configuration that was accepted before. */
    public static Document.Parsed parse(byte[] config) {
        return Document.parse(config, LIMITS);
    }
}
