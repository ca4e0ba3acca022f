package org.slipway.model.plan;

/** What a plan is for. The numbers are part of the plan's byte format. */
public enum PlanKind {
    /** Makes the environment that the configuration describes. */
    CREATE(0),
    /** Everything of {@code process}, up to the program itself. */
    START(1),
    KILL(2),
    DELETE(3),
    PAUSE(4),
    RESUME(5),
    UPDATE(6),
    STOP(7);

    private final int number;

    PlanKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
