package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.model.plan.BarrierOp.Await;
import org.slipway.model.plan.BarrierOp.Signal;
import org.slipway.model.plan.KeeperOp.AwaitExec;
import org.slipway.model.plan.KeeperOp.HandOver;
import org.slipway.model.plan.KeeperOp.OpenGate;
import org.slipway.model.plan.KeeperOp.SpawnByCaller;
import org.slipway.model.plan.KeeperOp.SpawnKeeper;
import org.slipway.model.plan.KeeperOp.SpawnLauncher;
import org.slipway.model.plan.KeeperOp.WaitGate;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.test.Requirement;

/** However the processes are scheduled, the barriers keep the steps in the order of the list. */
class BarrierTest {

    private static final String HOOKS = """
            {'hooks':{'prestart':[{'path':'/1'}],'createRuntime':[{'path':'/2'}],'createContainer':[{'path':'/3'}],
                      'startContainer':[{'path':'/4'}],'poststart':[{'path':'/5'}]}}""";

    private static final String MAPPED = """
            {'linux':{'namespaces':[{'type':'mount'},{'type':'pid'},{'type':'user'}],
                      'uidMappings':[{'containerID':0,'hostID':100000,'size':65536}],
                      'gidMappings':[{'containerID':0,'hostID':100000,'size':65536}]},
             'mounts':[{'destination':'/data','source':'data','options':['bind','idmap']}]}""";

    static Stream<Plan> plans() {
        return Stream.of(Specs.minimal("{}"), Specs.minimal(HOOKS), Specs.minimal(MAPPED), Specs.standard(HOOKS))
                .flatMap(config -> Stream.of(HostFacts.v2(), HostFacts.hybrid())
                        .flatMap(facts -> Stream.of(Plans.ready(config, facts), Plans.byCaller(config, facts)))
                        .flatMap(
                                ready -> Stream.of(ready.create(), ready.start().orElseThrow())));
    }

    @ParameterizedTest
    @MethodSource("plans")
    @Requirement("LIFE-02")
    void everyScheduleKeepsTheOrder(Plan plan) {
        List<Step> expected = plan.steps().stream().filter(BarrierTest::isDeed).toList();
        for (int seed = 0; seed < 200; seed++) {
            assertEquals(expected, new Schedule(plan, new Random(seed)).run());
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void barriersCountUpFromOneInPairs(Plan plan) {
        List<Integer> signals =
                Plans.ops(plan, Signal.class).stream().map(Signal::barrier).toList();
        List<Integer> awaits =
                Plans.ops(plan, Await.class).stream().map(Await::barrier).toList();
        assertEquals(Stream.iterate(1, n -> n + 1).limit(signals.size()).toList(), signals);
        assertEquals(signals, awaits);
    }

    /** Waiting at the gate is no deed: it begins before create ends, and ends when start begins. */
    private static boolean isDeed(Step step) {
        return !(step.op() instanceof BarrierOp) && !(step.op() instanceof WaitGate);
    }

    /** Processes that each run their own steps as soon as they can, picked at random. */
    private static final class Schedule {

        private final Map<Actor, List<Step>> waiting = new EnumMap<>(Actor.class);
        private final Set<Actor> alive = new HashSet<>(Set.of(Actor.HELPER));
        private final Set<String> signalled = new HashSet<>();
        private final List<Step> done = new ArrayList<>();
        private final Random random;
        private boolean executed;

        Schedule(Plan plan, Random random) {
            this.random = random;
            for (Actor actor : Actor.values()) {
                waiting.put(actor, new ArrayList<>(plan.of(actor).toList()));
            }
        }

        List<Step> run() {
            while (true) {
                List<Actor> ready =
                        alive.stream().filter(this::canGoOn).sorted().toList();
                if (ready.isEmpty()) {
                    assertTrue(waiting.values().stream().allMatch(List::isEmpty), "nobody can go on: " + waiting);
                    return done;
                }
                step(waiting.get(ready.get(random.nextInt(ready.size()))).removeFirst());
            }
        }

        private boolean canGoOn(Actor actor) {
            if (waiting.get(actor).isEmpty()) {
                return false;
            }
            return switch (waiting.get(actor).getFirst().op()) {
                case Await await -> signalled.contains(await.from() + " " + actor + " " + await.barrier());
                case AwaitExec ignored -> executed;
                default -> true;
            };
        }

        private void step(Step step) {
            switch (step.op()) {
                case Signal signal -> signalled.add(step.actor() + " " + signal.to() + " " + signal.barrier());
                case SpawnKeeper ignored -> alive.add(Actor.KEEPER);
                case HandOver ignored -> alive.add(Actor.CALLER);
                case SpawnLauncher ignored -> alive.add(Actor.LAUNCHER);
                case SpawnByCaller ignored -> alive.add(Actor.LAUNCHER);
                case CloneInit ignored -> alive.add(Actor.INIT);
                case OpenGate ignored -> alive.add(Actor.INIT);
                case LoadSeccompAndExec ignored -> executed = true;
                default -> {}
            }
            if (isDeed(step)) {
                done.add(step);
            }
        }
    }
}
