package org.slipway.model.plan;

import org.slipway.model.spec.Seccomp;

/** Makes a filter program out of a configuration's rules. */
@FunctionalInterface
public interface SeccompCompiler {

    /** For a plan that is only shown where no filter can be made: the step is there, without instructions. */
    SeccompCompiler NONE = seccomp -> Blob.EMPTY;

    /**
     * The filter as {@code struct sock_filter[]}.
     *
     * @throws IllegalArgumentException when a rule cannot be expressed here; the message is shown
     */
    Blob compile(Seccomp seccomp);
}
