package org.slipway.model.wire;

import java.util.Optional;

/**
 * A process that was executed in a container beside the first one, as it is now.
 *
 * @param pid on the host, while it lives
 * @param exit how it ended, once that is known
 */
public record Executed(String id, Optional<Long> pid, Optional<Exit> exit) {}
