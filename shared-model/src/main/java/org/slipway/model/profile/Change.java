package org.slipway.model.profile;

/** One difference between the shape of a configuration in a profile and in the next one, as what turns the one into the other. */
@FunctionalInterface
interface Change {

    /** Does it, where the configuration gives reason to. */
    void apply(Rewriting rewriting);
}
