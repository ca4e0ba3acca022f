package org.slipway.model.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.PlanProblem;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.Planner;
import org.slipway.model.spec.Spec;

/**
 * What is to be said about a configuration before anything is made, and what it becomes.
 *
 * @param text the findings on the text, in its order
 * @param machine what the machine can't do of it, or leaves out; it is asked only about a text without an error
 * @param spec what it says; empty if its text has an error
 * @param plans what create and start would do; empty if there is an error of either kind
 */
public record Checked(List<Finding> text, List<Finding> machine, Optional<Spec> spec, Optional<Compiled.Ready> plans) {

    public Checked {
        text = List.copyOf(text);
        machine = List.copyOf(machine);
    }

    /**
     * Judges a configuration.
     *
     * @param request the plan to be made of it, which holds the facts of the machine
     */
    public static Checked of(Document.Parsed parsed, Function<Spec, PlanRequest> request) {
        List<Finding> text = Rules.check(parsed);
        if (!(parsed instanceof Document.Good good) || Rules.refused(text)) {
            return new Checked(text, List.of(), Optional.empty(), Optional.empty());
        }
        Document document = good.document();
        Spec spec = Spec.read(document.tree());
        PlanRequest asked = request.apply(spec);
        Compiled compiled = Planner.compile(asked);
        List<Finding> machine = new ArrayList<>();
        add(machine, document, Severity.ERROR, compiled.problems());
        add(machine, document, Severity.WARNING, Planner.doubts(asked));
        return new Checked(
                text,
                machine,
                Optional.of(spec),
                compiled instanceof Compiled.Ready ready ? Optional.of(ready) : Optional.empty());
    }

    private static void add(List<Finding> findings, Document document, Severity severity, List<PlanProblem> problems) {
        for (PlanProblem problem : problems) {
            findings.add(Rules.finding(document, severity, problem.code(), problem.pointer(), problem.arguments()));
        }
    }

    /** All findings: on the text, then on the machine. */
    public List<Finding> findings() {
        return Stream.concat(text.stream(), machine.stream()).toList();
    }

    /** Whether create would refuse it. */
    public boolean refused() {
        return Rules.refused(findings());
    }
}
