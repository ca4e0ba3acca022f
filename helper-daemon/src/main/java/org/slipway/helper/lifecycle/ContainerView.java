package org.slipway.helper.lifecycle;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;

/**
 * One container as it is at a moment.
 *
 * @param pid of init on the host; empty when it has ended
 * @param state the specification's state object as JSON text, with this runtime's extra members
 * @param configDigest of the configuration that it was made from, see {@link org.slipway.model.wire.Container#digest}
 * @param set the directory that create was given by {@code --root}, when it was not the helper's own
 */
public record ContainerView(
        Owned name,
        Status status,
        OptionalInt pid,
        String bundle,
        Instant created,
        String state,
        Optional<ExitView> exit,
        String configDigest,
        Optional<String> set) {}
