package org.slipway.model.finding;

/** How much a finding matters, gravest first. */
public enum Severity {
    /** The configuration breaks the specification; create refuses it. */
    ERROR,
    /** It is allowed, and probably not what was meant. */
    WARNING,
    /** Worth knowing. */
    NOTE
}
