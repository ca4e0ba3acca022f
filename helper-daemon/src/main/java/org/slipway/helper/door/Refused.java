package org.slipway.helper.door;

/** A peer that is not let in; the code goes back to it as {@code NotAllowed}. */
public final class Refused extends Exception {

    private final String code;

    Refused(String code, String detail) {
        super(code + ": " + detail);
        this.code = code;
    }

    Refused(String code, Throwable cause) {
        super(code + ": " + cause.getMessage(), cause);
        this.code = code;
    }

    /** A stable code. */
    public String code() {
        return code;
    }
}
