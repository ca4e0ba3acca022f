package org.slipway.workbench.text;

import java.util.StringJoiner;
import org.slipway.model.wire.Problem;

/** A failure of the helper as a sentence. */
public final class ProblemText {

    private ProblemText() {}

    /** What was tried, and why it did not work. */
    public static String sentence(String verb, Problem problem) {
        StringJoiner sentence = new StringJoiner(": ");
        if (!verb.isEmpty()) {
            sentence.add(Texts.of("verb." + verb));
        }
        return sentence.add(sentence(problem)).toString();
    }

    /** Why it did not work, what the kernel said, and what to try. */
    public static String sentence(Problem problem) {
        StringBuilder text = new StringBuilder(Said.SENTENCES.problem(problem.code(), problem.arguments()));
        problem.errno()
                .ifPresent(errno -> text.append(" (")
                        .append(problem.call().map(call -> call + ": ").orElse(""))
                        .append(errno)
                        .append(')'));
        problem.findings()
                .forEach(finding ->
                        text.append("; ").append(Said.SENTENCES.problem(finding.code(), finding.arguments())));
        Said.SENTENCES
                .advice(problem.code(), problem.arguments())
                .ifPresent(advice -> text.append(" — ").append(advice));
        return text.toString();
    }
}
