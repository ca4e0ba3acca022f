package org.slipway.model.plan;

/** Why a step is in the plan. */
public sealed interface Origin {

    /**
     * A member of the configuration asked for it.
     *
     * @param pointer its JSON pointer (RFC 6901), such as {@code /mounts/2}
     */
    record Field(String pointer) implements Origin {}

    /**
     * No member asked for it: the specification, or the runtime's own working, requires it.
     *
     * @param rule a stable code, whose sentence stands in the resource bundle under {@code origin.<rule>}
     */
    record Default(String rule) implements Origin {}
}
