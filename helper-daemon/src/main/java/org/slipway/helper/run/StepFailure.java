package org.slipway.helper.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.Errno;
import org.slipway.model.plan.PlanKind;

/** A step that was not done. */
public final class StepFailure extends Exception {

    /** How it failed. */
    public enum Kind {
        /** The kernel refused; there is an errno. */
        REFUSED,
        /** A hook ended with another status than 0, or was killed at its timeout. */
        HOOK,
        /** The keeper ended in the middle. */
        KEEPER_DIED,
        /** The launcher, which the command started, ended in the middle. */
        LAUNCHER_DIED,
        /** Init ended in the middle; the text names the signal. */
        INIT_DIED,
        /** Somebody spoke out of turn. */
        PROTOCOL,
        /** The helper has a fault; the text says which. */
        BUG
    }

    private final PlanKind plan;
    private final int step;
    private final Kind kind;
    private final Optional<Errno> errno;
    private final String text;
    private final long detail;

    /** A failure whose errno says all. */
    public StepFailure(
            PlanKind plan, int step, Kind kind, Optional<Errno> errno, String text, @Nullable Throwable cause) {
        this(plan, step, kind, errno, text, 0, cause);
    }

    /**
     * Says what failed.
     *
     * @param step its index in that plan
     * @param text what it was tried on, a hook's status, or a signal's number
     * @param detail the value of the step's record; 0 says nothing
     */
    public StepFailure(
            PlanKind plan,
            int step,
            Kind kind,
            Optional<Errno> errno,
            String text,
            long detail,
            @Nullable Throwable cause) {
        super(
                plan + " step " + step + ": " + kind + " "
                        + errno.map(Errno::name).orElse("") + " " + text,
                cause);
        this.plan = plan;
        this.step = step;
        this.kind = kind;
        this.errno = errno;
        this.text = text;
        this.detail = detail;
    }

    public PlanKind plan() {
        return plan;
    }

    public int step() {
        return step;
    }

    public Kind kind() {
        return kind;
    }

    public Optional<Errno> errno() {
        return errno;
    }

    public String text() {
        return text;
    }

    public long detail() {
        return detail;
    }
}
