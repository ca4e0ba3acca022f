package org.slipway.model.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A failure as it crosses the socket.
 *
 * @param code stable; the sentence stands in the resource bundle under {@code problem.<code>}
 * @param arguments what the sentence names
 * @param plan the plan whose step failed: {@code create}, {@code start} …
 * @param step the index of that step
 * @param call the kernel call it was making
 * @param errno the error's name, such as {@code ENOENT}
 * @param pointer JSON pointer of the configuration's member that asked for it
 * @param rule the specification's file and section that defines that member
 */
public record Problem(
        String code,
        Fault fault,
        Map<String, String> arguments,
        Optional<String> plan,
        Optional<Integer> step,
        Optional<String> call,
        Optional<String> errno,
        Optional<String> pointer,
        Optional<String> rule,
        List<Finding> findings) {

    public Problem {
        arguments = Map.copyOf(arguments);
        findings = List.copyOf(findings);
    }

    /** A failure without a step. */
    public static Problem of(String code, Fault fault, Map<String, String> arguments) {
        return new Problem(
                code,
                fault,
                arguments,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
