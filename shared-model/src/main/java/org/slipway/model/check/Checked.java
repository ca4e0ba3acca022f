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
import org.slipway.model.profile.Platform;
import org.slipway.model.profile.Profile;
import org.slipway.model.profile.Reading;
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
        return of(parsed, Optional.empty(), request);
    }

    /**
     * Judges a configuration.
     *
     * @param forced the profile to read it by, whatever version it names
     * @param request the plan to be made of it, which holds the facts of the machine
     */
    public static Checked of(Document.Parsed parsed, Optional<Profile> forced, Function<Spec, PlanRequest> request) {
        if (parsed instanceof Document.Broken broken) {
            return new Checked(List.of(Rules.unreadable(broken)), List.of(), Optional.empty(), Optional.empty());
        }
        Reading reading = Reading.of(((Document.Good) parsed).document(), forced);
        List<Finding> text = reading.findings();
        if (Rules.refused(text)) {
            return new Checked(text, List.of(), Optional.empty(), Optional.empty());
        }
        Spec spec = reading.spec();
        PlanRequest asked = request.apply(spec);
        Compiled compiled = Planner.compile(asked);
        List<Finding> machine = new ArrayList<>();
        add(machine, reading, Severity.ERROR, compiled.problems());
        add(
                machine,
                reading,
                Severity.ERROR,
                Platform.problems(reading, asked.facts().arch()));
        add(machine, reading, Severity.WARNING, Planner.doubts(asked));
        return new Checked(
                text,
                machine,
                Optional.of(spec),
                compiled instanceof Compiled.Ready ready && !Rules.refused(machine)
                        ? Optional.of(reading.traced(ready))
                        : Optional.empty());
    }

    private static void add(List<Finding> findings, Reading reading, Severity severity, List<PlanProblem> problems) {
        for (PlanProblem problem : problems) {
            findings.add(reading.told(severity, problem.code(), problem.pointer(), problem.arguments()));
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
