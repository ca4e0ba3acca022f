package org.slipway.model.state;

/**
 * A container's full name on disk and on the wire: ids are scoped by owner.
 *
 * @param uid the owner's user id, unsigned
 */
public record Owned(int uid, ContainerId id) {

    @Override
    public String toString() {
        return Integer.toUnsignedString(uid) + "/" + id;
    }
}
