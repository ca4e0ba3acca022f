package org.slipway.workbench.tour;

import org.jspecify.annotations.Nullable;

/** The tour can't go on, and why. */
final class TourFailure extends Exception {

    private static final long serialVersionUID = 1;

    TourFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
