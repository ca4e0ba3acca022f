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

    /** Why it did not work. */
    public static String sentence(Problem problem) {
        return problem.code() + " " + problem.arguments();
    }
}
