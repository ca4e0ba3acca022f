package org.slipway.model.client;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Problem;

/** Nobody answers on the socket: the helper is not running, or ended in the middle. */
public final class HelperGone extends HelperException {

    /** Code when there was no helper to begin with. */
    public static final String NOT_RUNNING = "helper-not-running";

    /** Code when the connection ended under a call or a subscription. */
    public static final String GONE = "helper-gone";

    HelperGone(String code, Path socket, @Nullable Throwable cause) {
        super(Problem.of(code, Fault.HOST, Map.of("path", socket.toString())), cause);
    }
}
