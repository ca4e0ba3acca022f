package org.slipway.helper.lifecycle;

import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/**
 * A process that was executed in a container, as it is at a moment.
 *
 * @param pid on the host; empty when it has ended
 * @param exit how it ended; empty while it lives, or its end is being recorded
 */
public record ExecView(Owned container, ContainerId id, OptionalInt pid, Optional<ExitView> exit) {}
