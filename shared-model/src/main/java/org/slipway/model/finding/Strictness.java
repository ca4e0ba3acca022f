package org.slipway.model.finding;

/**
 * Where a version of the specification is stricter than 1.3 about a member that both have.
 *
 * @param absoluteTargets whether a mount's relative destination is an error, and not a warning
 * @param knownCapabilities whether a capability that nobody knows is an error, and not a warning
 * @param pidsLimit whether {@code pids} has to have a {@code limit}
 */
public record Strictness(boolean absoluteTargets, boolean knownCapabilities, boolean pidsLimit) {

    /** That of release 1.3. */
    public static final Strictness NONE = new Strictness(false, false, false);
}
