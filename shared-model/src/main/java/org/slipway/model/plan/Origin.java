package org.slipway.model.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Why a step is in the plan. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(Origin.Field.class), @JsonSubTypes.Type(Origin.Default.class)})
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
