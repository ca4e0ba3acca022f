package org.slipway.helper.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.Errno;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.PlanKind;

/**
 * Why an operation was not done, or was undone. It carries a stable code and named arguments; whoever shows it makes the sentence.
 */
public final class Failure extends Exception {

    /** Whose fault it is. */
    public enum Fault {
        /** A bad request or configuration. */
        CALLER,
        /** Not in this state of the container. */
        STATE,
        /** The kernel or the machine refused. */
        HOST,
        /** A fault of this program. */
        BUG
    }

    /**
     * The step that failed.
     *
     * @param call the kernel call as the plan prints it
     * @param errno empty when the step failed without one (a hook)
     * @param pointer the member of the configuration that asked for the step
     */
    public record At(PlanKind plan, int step, String call, Optional<Errno> errno, Optional<String> pointer) {}

    private final String code;
    private final Fault fault;
    private final Map<String, String> arguments;
    private final @Nullable At at;

    private final List<Finding> findings;

    private Failure(
            String code, Fault fault, Map<String, String> arguments, @Nullable At at, @Nullable Throwable cause) {
        this(code, fault, arguments, at, List.of(), cause);
    }

    private Failure(
            String code,
            Fault fault,
            Map<String, String> arguments,
            @Nullable At at,
            List<Finding> findings,
            @Nullable Throwable cause) {
        super(code + " " + arguments + (at == null ? "" : " at " + at), cause);
        this.code = code;
        this.fault = fault;
        this.arguments = Map.copyOf(arguments);
        this.at = at;
        this.findings = List.copyOf(findings);
    }

    /** A configuration that is refused: all that stands against it. */
    public static Failure refused(List<Finding> findings) {
        return new Failure(
                "config-refused",
                Fault.CALLER,
                Map.of("count", Integer.toString(findings.size())),
                null,
                findings,
                null);
    }

    /** A request that is refused: all that stands against it, under a code of its own. */
    public static Failure refused(String code, List<Finding> findings) {
        Map<String, String> arguments = Map.of("count", Integer.toString(findings.size()));
        return new Failure(code, Fault.CALLER, arguments, null, findings, null);
    }

    /** A bad request. */
    public static Failure caller(String code, Map<String, String> arguments) {
        return new Failure(code, Fault.CALLER, arguments, null, null);
    }

    /** Not in this state. */
    public static Failure state(String code, Map<String, String> arguments) {
        return new Failure(code, Fault.STATE, arguments, null, null);
    }

    /** The machine refused. */
    public static Failure host(String code, Map<String, String> arguments, @Nullable Throwable cause) {
        return new Failure(code, Fault.HOST, arguments, null, cause);
    }

    /** A fault of this program. */
    public static Failure bug(String code, Map<String, String> arguments, Throwable cause) {
        return new Failure(code, Fault.BUG, arguments, null, cause);
    }

    /** A step that failed. */
    public static Failure step(
            String code, Fault fault, Map<String, String> arguments, At at, @Nullable Throwable cause) {
        return new Failure(code, fault, arguments, at, cause);
    }

    /** The stable code, such as {@code container-unknown}. */
    public String code() {
        return code;
    }

    public Fault fault() {
        return fault;
    }

    /** Named arguments of the sentence. */
    public Map<String, String> arguments() {
        return arguments;
    }

    /** What stands against the configuration, if that is why. */
    public List<Finding> findings() {
        return findings;
    }

    /** The step that failed, if it was one. */
    public Optional<At> at() {
        return Optional.ofNullable(at);
    }
}
