package org.slipway.model.wire;

/** The errors of the interface, by full name. */
public sealed interface Errors {

    /** A request that failed: {@link Problem} says why. */
    record Failed(Problem problem) implements Errors {}

    /** The caller's tier may not ask this; {@code code} says more. */
    record NotAllowed(String code) implements Errors {}

    /** The reader of a stream was too slow and has to begin anew. */
    record FellBehind() implements Errors {}

    /** The full name of one of the interface's errors. */
    default String error() {
        return Wire.INTERFACE + "." + getClass().getSimpleName();
    }
}
