package org.slipway.model.json;

/** An edit names a place that the document does not have, or that can't hold what it brings. */
public final class NoSuchPlaceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String pointer;

    NoSuchPlaceException(String pointer, String why) {
        super(why + ": '" + pointer + "'");
        this.pointer = pointer;
    }

    /** The JSON pointer that leads nowhere. */
    public String pointer() {
        return pointer;
    }
}
