package org.slipway.model.client;

import org.jspecify.annotations.Nullable;
import org.slipway.model.wire.Problem;

/** The helper refused or failed; {@link #problem()} says why, as a code with arguments. */
public class HelperException extends Exception {

    private final transient Problem problem;

    HelperException(Problem problem, @Nullable Throwable cause) {
        super(problem.code() + " " + problem.arguments(), cause);
        this.problem = problem;
    }

    /** What went wrong, and whose fault it is. */
    public Problem problem() {
        return problem;
    }
}
