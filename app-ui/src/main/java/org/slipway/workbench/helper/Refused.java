package org.slipway.workbench.helper;

import org.jspecify.annotations.Nullable;
import org.slipway.model.wire.Problem;

/** The helper did not do what it was asked, or is not there. */
public final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public Refused(Problem problem, @Nullable Throwable cause) {
        super(problem.code() + " " + problem.arguments(), cause);
        this.problem = problem;
    }

    /** Why, as a code with arguments. */
    public Problem problem() {
        return problem;
    }
}
