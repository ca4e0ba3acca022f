package org.slipway.helper.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.json.Place;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.PlanProblem;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.Planner;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.spec.Spec;

/** From the bytes of a configuration to plans, or to all that stands against it. Touches nothing. */
final class Drafting {

    private Drafting() {}

    /**
     * What a configuration became.
     *
     * @param doubts warnings: what is left out, or likely meant otherwise
     */
    record Draft(Spec spec, Compiled.Ready plans, List<Finding> doubts) {}

    static Draft of(
            CreateRequest request,
            String stateDirectory,
            HostFacts facts,
            SeccompCompiler seccomp,
            Optional<Confinement> confinement)
            throws Failure {
        if (!request.bundle().startsWith("/")) {
            throw Failure.caller("bundle-not-absolute", Map.of("bundle", request.bundle()));
        }
        Document.Parsed parsed = Document.parse(request.config().bytes());
        List<Finding> findings = Rules.check(parsed);
        if (Rules.refused(findings) || !(parsed instanceof Document.Good good)) {
            throw Failure.refused(findings);
        }
        Spec spec = spec(good.document());
        PlanRequest plain = new PlanRequest(
                spec,
                request.bundle(),
                request.name(),
                stateDirectory,
                facts,
                streams(request.streams()),
                request.preserved().size(),
                request.noPivot(),
                request.noNewKeyring(),
                request.umask(),
                seccomp,
                request.manager());
        PlanRequest planRequest = confinement.map(plain::confinedTo).orElse(plain);
        return switch (Planner.compile(planRequest)) {
            case Compiled.Ready ready -> {
                List<Finding> doubts = new ArrayList<>(findings.stream()
                        .filter(finding -> finding.severity() == Severity.WARNING)
                        .toList());
                doubts.addAll(findings(Planner.doubts(planRequest), Severity.WARNING, good.document()));
                yield new Draft(spec, ready, List.copyOf(doubts));
            }
            case Compiled.Refused refused ->
                throw Failure.refused(findings(refused.problems(), Severity.ERROR, good.document()));
        };
    }

    /** Reads a configuration that was accepted before. */
    static Spec spec(byte[] config) throws Failure {
        if (Document.parse(config) instanceof Document.Good good) {
            return spec(good.document());
        }
        throw Failure.host("record-unreadable", Map.of("text", "config.json"), null);
    }

    private static Spec spec(Document document) throws Failure {
        try {
            return Spec.read(document.tree());
        } catch (IllegalArgumentException e) {
            throw Failure.caller("config-misshapen", Map.of("text", String.valueOf(e.getMessage())));
        }
    }

    private static KeeperOp.Streams streams(Streams streams) {
        return switch (streams) {
            case Streams.None _ -> KeeperOp.Streams.NONE;
            case Streams.Log _ -> KeeperOp.Streams.LOG;
            case Streams.Terminal _ -> KeeperOp.Streams.TERMINAL;
            case Streams.Inherit _ -> KeeperOp.Streams.INHERIT;
            case Streams.ConsoleSocket _ -> KeeperOp.Streams.CONSOLE_SOCKET;
        };
    }

    private static List<Finding> findings(List<PlanProblem> problems, Severity severity, Document document) {
        List<Finding> findings = new ArrayList<>();
        for (PlanProblem problem : problems) {
            Optional<Place> place = document.place(problem.pointer());
            findings.add(new Finding(
                    problem.code(),
                    severity,
                    problem.pointer(),
                    place.map(Place::line).orElse(1),
                    place.map(Place::column).orElse(1),
                    problem.arguments(),
                    "",
                    Optional.empty()));
        }
        return findings;
    }
}
