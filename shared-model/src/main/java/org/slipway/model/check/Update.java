package org.slipway.model.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Document;
import org.slipway.model.json.Limits;
import org.slipway.model.json.Pointer;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.Inside;
import org.slipway.model.plan.LiveTable;
import org.slipway.model.plan.LiveTable.Live;
import org.slipway.model.plan.LiveUpdate;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanProblem;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.Planner;
import org.slipway.model.plan.Readings.Present;
import org.slipway.model.spec.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an update of a live container comes to: all that stands against it, or its plan and what the configuration then is.
 *
 * @param plan empty if there is an error among the findings
 * @param effective the whole configuration with the update in it
 */
public record Update(Optional<Plan> plan, ObjectNode effective, List<Finding> findings) {

    public Update {
        findings = List.copyOf(findings);
    }

    /**
     * What an update is judged by.
     *
     * @param request the plan of a configuration of this container, with the facts of the machine
     * @param plans those by which it was made
     * @param present what the machine holds now
     * @param inside what the container's namespaces hold now
     * @param begun whether its program runs
     */
    public record Subject(
            Function<Spec, PlanRequest> request, Compiled.Ready plans, Present present, Inside inside, boolean begun) {}

    /**
     * Judges and plans.
     *
     * @param effective the configuration as it is so far; it was accepted
     * @param change a part of a configuration: what is in it shall be so
     */
    public static Update of(ObjectNode effective, ObjectNode change, Subject subject) {
        return of(effective, change, List.of(), subject);
    }

    /**
     * Judges and plans.
     *
     * @param unmount targets of mounts that are taken away
     */
    public static Update of(ObjectNode effective, ObjectNode change, List<String> unmount, Subject subject) {
        return new Judging(effective, Merge.tidied(change), unmount, subject).judge();
    }

    /** One judgement. */
    private static final class Judging {

        private final ObjectNode effective;
        private final ObjectNode change;
        private final List<String> unmount;
        private final Subject subject;
        private final Spec before;
        private final PlanRequest asking;
        private final boolean v2;
        private final Set<String> members = new LinkedHashSet<>();
        private final List<Finding> findings = new ArrayList<>();

        Judging(ObjectNode effective, ObjectNode change, List<String> unmount, Subject subject) {
            this.effective = effective;
            this.change = change;
            this.unmount = unmount;
            this.subject = subject;
            this.before = Spec.read(effective);
            this.asking = subject.request().apply(before);
            this.v2 = asking.facts().cgroups() instanceof HostFacts.V2;
        }

        Update judge() {
            known("", change);
            if (findings.isEmpty()) {
                classify("", change);
            }
            ObjectNode merged = Merge.of(effective, change);
            Merge.unmount(merged, unmount);
            if (findings.isEmpty()) {
                text(merged);
            }
            if (!findings.isEmpty()) {
                return new Update(Optional.empty(), effective, findings);
            }
            Spec after = Spec.read(merged);
            add(Planner.compile(subject.request().apply(after)).problems().stream()
                    .filter(problem -> concerned(problem.pointer()))
                    .toList());
            Spec asked = Spec.read(Merge.asked(merged, change));
            LiveUpdate.Planned planned = new LiveUpdate(
                            asking,
                            after,
                            asked,
                            members,
                            subject.plans(),
                            subject.present(),
                            subject.inside(),
                            unmount)
                    .plan();
            add(planned.problems());
            return findings.isEmpty()
                    ? new Update(Optional.of(planned.plan()), merged, List.of())
                    : new Update(
                            Optional.empty(),
                            effective,
                            findings.stream().distinct().toList());
        }

        /** What nobody knows is asked for in vain, and nobody would notice. */
        private void known(String pointer, JsonNode node) {
            if (!pointer.isEmpty() && SpecTable.get().at(pointer).isEmpty()) {
                error("update-member-unknown", pointer, Map.of("member", pointer));
            } else if (node.isObject()) {
                node.propertyStream()
                        .forEach(member -> known(Pointer.child(pointer, member.getKey()), member.getValue()));
            } else if (node.isArray()) {
                for (int i = 0; i < node.size(); i++) {
                    known(Pointer.child(pointer, i), node.get(i));
                }
            }
        }

        private void classify(String pointer, JsonNode node) {
            Optional<LiveTable.Row> row =
                    pointer.isEmpty() ? Optional.empty() : LiveTable.get().at(pointer);
            if (row.isEmpty() && node.isObject()) {
                for (Map.Entry<String, JsonNode> member : List.copyOf(node.properties())) {
                    classify(Pointer.child(pointer, member.getKey()), member.getValue());
                }
            } else if (row.isPresent()) {
                judge(row.get(), pointer, node);
            } else {
                members.add(pointer); // where an object belongs stands something else, and the rules say so
            }
        }

        private void judge(LiveTable.Row row, String pointer, JsonNode node) {
            Live live = row.on(v2);
            String reason = row.reason(v2);
            if (row.note().equals("kernel-memory-gone") && asking.facts().kernelAtLeast(5, 16)) {
                live = Live.NO;
            }
            boolean process = pointer.startsWith("/process/") && !pointer.equals("/process/consoleSize");
            boolean offered = live == Live.YES || live == Live.EXTRA;
            boolean unmonitored = pointer.equals("/linux/intelRdt/enableMonitoring") && !node.asBoolean(false);
            if ((!offered || unmonitored) && same(pointer, node)) {
                Merge.remove(change, pointer);
            } else if (live == Live.NO) {
                error("live-recreate", pointer, Map.of("member", pointer, "reason", reason));
            } else if (!offered || unmonitored) {
                error("live-not-offered", pointer, Map.of("member", pointer));
            } else if (process && asking.confinement().isPresent()) {
                error("confined-refused", pointer, Map.of("member", pointer));
            } else if (process && !subject.begun()) {
                error("live-before-start", pointer, Map.of("member", pointer));
            } else {
                members.add(pointer);
            }
        }

        private boolean same(String pointer, JsonNode node) {
            JsonNode now = effective.at(pointer);
            return now.equals(node) || (now.isMissingNode() && node.isBoolean() && !node.booleanValue());
        }

        /** The rules that a new configuration is judged by. */
        private void text(ObjectNode merged) {
            byte[] bytes = merged.toString().getBytes(StandardCharsets.UTF_8);
            Rules.check(Document.parse(bytes, Limits.here())).stream()
                    .filter(finding -> finding.severity() == Severity.ERROR)
                    .forEach(finding -> findings.add(
                            finding(finding.code(), finding.pointer(), finding.arguments(), finding.rule())));
        }

        private boolean concerned(String pointer) {
            return members.stream()
                    .anyMatch(member -> pointer.equals(member)
                            || pointer.startsWith(member + "/")
                            || member.startsWith(pointer + "/"));
        }

        private void add(List<PlanProblem> problems) {
            problems.forEach(problem -> error(problem.code(), problem.pointer(), problem.arguments()));
        }

        private void error(String code, String pointer, Map<String, String> arguments) {
            findings.add(finding(code, pointer, arguments, SpecTable.get().section(pointer)));
        }

        private static Finding finding(String code, String pointer, Map<String, String> arguments, String rule) {
            return new Finding(code, Severity.ERROR, pointer, 0, 0, arguments, rule, Optional.empty());
        }
    }
}
