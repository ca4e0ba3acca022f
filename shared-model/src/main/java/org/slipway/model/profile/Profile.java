package org.slipway.model.profile;

import org.slipway.model.finding.Strictness;
import org.slipway.model.spec.Lifecycle;

/**
 * A version of the specification, as all that it does otherwise than release 1.3: data that rules, compiler and engine read.
 *
 * @param name what {@code --profile} calls it and a container's record keeps
 * @param version what it writes as its version, such as {@code 0.3.0}
 * @param strictness where it is stricter about members that 1.3 has too
 */
public record Profile(String name, String version, Lifecycle lifecycle, Operations operations, Strictness strictness) {

    /** Whether it is one from before release 1.0. */
    public boolean draft() {
        return Profiles.before(this, "1.0");
    }
}
