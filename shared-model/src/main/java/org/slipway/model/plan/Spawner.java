package org.slipway.model.plan;

/** Whose child init is. */
public enum Spawner {
    /** The keeper's: it holds the streams, records the exit, and outlives helper and command. */
    KEEPER,
    /** The command's, and when that ends the subreaper's that called it: a container engine, which waits for init itself. */
    CALLER
}
