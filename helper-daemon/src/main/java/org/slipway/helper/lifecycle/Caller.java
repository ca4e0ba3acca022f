package org.slipway.helper.lifecycle;

import java.util.Optional;
import org.slipway.model.plan.Confinement;

/**
 * Who asks, as the kernel said when the connection was accepted.
 *
 * @param uid user id, unsigned
 * @param administrator may work on containers of every owner
 * @param confinement whom containers that they make become; one who is no administrator makes none without it
 */
public record Caller(int uid, boolean administrator, Optional<Confinement> confinement) {

    /** One whose containers become nobody. */
    public Caller(int uid, boolean administrator) {
        this(uid, administrator, Optional.empty());
    }

    /** The helper's own doings: re-adoption and the end of a container that nobody asked for. */
    public static final Caller HELPER = new Caller(0, true);
}
