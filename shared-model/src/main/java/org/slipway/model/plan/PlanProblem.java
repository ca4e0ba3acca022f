package org.slipway.model.plan;

import java.util.Map;

/**
 * Why no plan can be made on this machine or for this request. What is wrong with the text alone is a
 * finding, and has its rule there. The sentence stands in the resource bundle under {@code problem.<code>}.
 *
 * @param pointer the member it is about
 */
public record PlanProblem(String code, String pointer, Map<String, String> arguments) {

    public PlanProblem {
        arguments = Map.copyOf(arguments);
    }
}
