package org.slipway.model.wire;

import java.util.Optional;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/**
 * A container's name on the wire.
 *
 * @param owner the owner's user id; absent: the caller's own
 * @param id the id as it was sent, not yet proved to be one
 */
public record Name(Optional<Long> owner, String id) {

    /** A container of the caller's own. */
    public static Name own(String id) {
        return new Name(Optional.empty(), id);
    }

    /** The full name of a container. */
    public static Name of(Owned owned) {
        return new Name(
                Optional.of(Integer.toUnsignedLong(owned.uid())), owned.id().value());
    }

    /** The full name for a caller with this user id, or empty when id or owner is not legal. */
    public Optional<Owned> resolve(int callerUid) {
        long uid = owner.orElse(Integer.toUnsignedLong(callerUid));
        if (uid < 0 || uid >= 0xffffffffL) {
            return Optional.empty();
        }
        return ContainerId.parse(id).map(legal -> new Owned((int) uid, legal));
    }
}
