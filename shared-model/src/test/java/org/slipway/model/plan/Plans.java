package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.stream.Stream;
import org.slipway.model.spec.Spec;

/** Plans for tests, and questions about them. */
final class Plans {

    private Plans() {}

    static Compiled.Ready ready(PlanRequest request) {
        return assertInstanceOf(Compiled.Ready.class, Planner.compile(request));
    }

    static Compiled.Ready ready(Spec spec, HostFacts facts) {
        return ready(PlanRequest.explain(spec, "/bundle", "web", facts));
    }

    static Compiled.Ready ready(String config, HostFacts facts) {
        return ready(Specs.parse(config), facts);
    }

    /** As an engine gets it: init is the command's child, with the command's streams. */
    static Compiled.Ready byCaller(String config, HostFacts facts) {
        return by(Spawner.CALLER, config, facts);
    }

    /** The same with a choice of the parent. */
    static Compiled.Ready by(Spawner spawner, String config, HostFacts facts) {
        PlanRequest plain = PlanRequest.explain(Specs.parse(config), "/bundle", "web", facts);
        return ready(new PlanRequest(
                        plain.spec(),
                        plain.bundle(),
                        plain.name(),
                        plain.stateDirectory(),
                        facts,
                        plain.spec()
                                        .process()
                                        .map(process -> process.terminal())
                                        .orElse(false)
                                ? KeeperOp.Streams.CONSOLE_SOCKET
                                : KeeperOp.Streams.INHERIT,
                        2,
                        false,
                        false,
                        0022,
                        SeccompCompiler.NONE,
                        CgroupManager.CGROUPFS)
                .spawnedBy(spawner));
    }

    static List<PlanProblem> problems(String config, HostFacts facts) {
        return assertInstanceOf(
                        Compiled.Refused.class,
                        Planner.compile(PlanRequest.explain(Specs.parse(config), "/bundle", "web", facts)))
                .problems();
    }

    static Plan create(String config) {
        return ready(config, HostFacts.v2()).create();
    }

    static Plan start(String config) {
        return ready(config, HostFacts.v2()).start().orElseThrow();
    }

    /** The operations of a kind, in order. */
    static <T extends Op> List<T> ops(Plan plan, Class<T> type) {
        return all(plan).filter(type::isInstance).map(type::cast).toList();
    }

    /** The operations that a member of the configuration asked for. */
    static List<Op> ops(Plan plan, String pointer) {
        return plan.steps().stream()
                .filter(step -> step.origin().equals(new Origin.Field(pointer)))
                .map(Step::op)
                .toList();
    }

    static Stream<Op> all(Plan plan) {
        return plan.steps().stream().map(Step::op);
    }
}
