package org.slipway.model.wire;

/** Bytes that are no message, or a message that does not fit its record. */
public final class WireException extends Exception {

    private final String member;

    WireException(String member, String message) {
        super(message);
        this.member = member;
    }

    /** The member that was wrong, or empty when the whole message is. */
    public String member() {
        return member;
    }
}
