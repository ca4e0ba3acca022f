package org.slipway.helper.engine;

import java.util.Map;
import java.util.Optional;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.check.Checked;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.CgroupManager;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.KeeperOp.OpenStreams;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.ProcessOp.JoinSessionKeyring;
import org.slipway.model.plan.ProcessOp.SetUmask;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.plan.Step;
import tools.jackson.databind.JsonNode;

/**
 * The split draft's start: {@code process} is what the bundle's file says at that moment, and everything else what it said at create.
 * The start plan is compiled and judged again; how create was asked for is read off its plans.
 */
final class Rereading {

    private static final int UMASK = 0022;

    private Rereading() {}

    /** The container's plans with a start plan for the process that a text has, asked for by who may make one like it. */
    static Compiled.Ready plans(Container container, Blob text, HostFacts facts, SeccompCompiler seccomp, Caller caller)
            throws Failure {
        String id = container.name().id().value();
        Optional<Confinement> confinement = caller.confinement();
        boolean confined = container.subject().plans().create().caller().isPresent();
        if (confined != confinement.isPresent() || !(confined || caller.administrator())) {
            // the text is whose it is: it is never compiled with other rights than the container was made with
            throw Failure.caller("reread-by-another", Map.of("id", id));
        }
        Document.Parsed parsed = Configurations.parse(text.bytes());
        if (!(parsed instanceof Document.Good now)) {
            throw Failure.refused(Rules.check(parsed));
        }
        if (!(Configurations.parse(container.subject().config()) instanceof Document.Good made)) {
            throw Failure.host("record-unreadable", Map.of("text", "config.json"), null);
        }
        JsonNode process =
                now.document().at("/process").orElseThrow(() -> Failure.state("no-process", Map.of("id", id)));
        boolean terminal =
                made.document().at("/process/terminal").map(JsonNode::asBoolean).orElse(false);
        if (process.path("terminal").asBoolean(false) != terminal) {
            throw Failure.caller("terminal-settled", Map.of("id", id, "made", terminal ? "with" : "without"));
        }
        Compiled.Ready old = container.subject().plans();
        Checked checked = Checked.of(
                new Document.Good(made.document().set("/process", process)),
                Optional.of(container.subject().entry().rules()),
                spec -> {
                    PlanRequest plain = new PlanRequest(
                            spec,
                            container.subject().entry().bundle(),
                            container.name(),
                            container.subject().folder().path().toString(),
                            facts,
                            first(old.create(), OpenStreams.class).orElseThrow().mode(),
                            first(old.create(), OpenStreams.class).orElseThrow().preserve(),
                            false,
                            old.start()
                                    .flatMap(start -> first(start, JoinSessionKeyring.class))
                                    .isEmpty(),
                            old.start()
                                    .flatMap(start -> first(start, SetUmask.class))
                                    .map(SetUmask::mask)
                                    .orElse(UMASK),
                            seccomp,
                            CgroupManager.CGROUPFS);
                    return confinement.map(plain::confinedTo).orElse(plain);
                });
        Compiled.Ready fresh = checked.plans().orElseThrow(() -> Failure.refused(checked.findings()));
        return new Compiled.Ready(old.create(), fresh.start(), old.cgroups(), old.killable(), old.freezer());
    }

    private static <T extends Op> Optional<T> first(Plan plan, Class<T> type) {
        return plan.steps().stream()
                .map(Step::op)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
