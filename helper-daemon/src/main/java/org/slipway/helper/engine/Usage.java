package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.cgroup.Statistics;
import org.slipway.helper.cgroup.Statistics.Place;
import org.slipway.helper.cgroup.Statistics.Rdt;
import org.slipway.helper.event.Hub;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.run.Proc;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.ResctrlOp.Group;
import org.slipway.model.plan.ResctrlOp.MakeResctrlGroup;
import org.slipway.model.state.Status;
import tools.jackson.databind.node.ObjectNode;

/** What containers use, read when somebody asks; and who runs out of memory, told by the kernel once somebody has listened. */
final class Usage {

    private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/hugepages");

    private final Reactor reactor;
    private final HostFacts facts;
    private final Hub hub;
    private final Map<Container, OomWatch> watches = new ConcurrentHashMap<>();

    Usage(Reactor reactor, HostFacts facts, Hub hub) {
        this.reactor = reactor;
        this.facts = facts;
        this.hub = hub;
    }

    /** What one uses now. */
    ObjectNode of(Container container) throws Failure {
        Status status = container.status();
        Optional<Proc> init = container.body().init().filter(proc -> !proc.ended());
        if (status == Status.STOPPED || status == Status.CREATING || init.isEmpty()) {
            throw Failure.state(
                    "container-not-running", Map.of("id", container.name().id().value(), "status", status.word()));
        }
        Optional<String> network = Cgroups.text("/proc/" + init.get().pid() + "/net/dev");
        if (init.get().ended()) {
            network = Optional.empty(); // the pid may be another's by now
        }
        return Statistics.of(places(container), Cgroups::text, pageSizes(), network, rdt(container));
    }

    /** Tells from now on when it runs out of memory. */
    void listen(Container container) {
        if (!container.body().alive() || watches.containsKey(container)) {
            return;
        }
        Optional<OomWatch> watch =
                OomWatch.begin(reactor, places(container), () -> hub.publish(new Event.OutOfMemory(container.name())));
        if (watch.isPresent() && watches.putIfAbsent(container, watch.get()) != null) {
            watch.get().close();
        }
    }

    /** Nobody needs to be told any more. */
    void forget(Container container) {
        OomWatch watch = watches.remove(container);
        if (watch != null) {
            watch.close();
        }
    }

    /** Its cgroups with what the hierarchies they lie in count. */
    private List<Place> places(Container container) {
        List<Place> places = new ArrayList<>();
        for (String directory : container.subject().plans().cgroups()) {
            switch (facts.cgroups()) {
                case HostFacts.V2 v2 -> places.add(new Place(directory, v2.controllers(), true));
                case HostFacts.V1 v1 -> classic(places, directory, v1.hierarchies());
                case HostFacts.Hybrid hybrid -> {
                    if (directory.startsWith(hybrid.unified().mountpoint() + "/")) {
                        places.add(new Place(directory, hybrid.unified().controllers(), true));
                    } else {
                        classic(places, directory, hybrid.hierarchies());
                    }
                }
            }
        }
        return places;
    }

    private static void classic(List<Place> places, String directory, List<HostFacts.Hierarchy> hierarchies) {
        hierarchies.stream()
                .filter(hierarchy -> directory.startsWith(hierarchy.mountpoint() + "/"))
                .findFirst()
                .ifPresent(hierarchy -> places.add(new Place(directory, hierarchy.controllers(), false)));
    }

    /** {@code hugepages-2048kB} as {@code 2MB}. */
    private static List<String> pageSizes() {
        String[] names = HUGE_PAGES.toFile().list();
        return names == null
                ? List.of()
                : Arrays.stream(names)
                        .filter(name -> name.matches("hugepages-[0-9]{1,12}kB"))
                        .map(name -> Long.parseLong(name.substring("hugepages-".length(), name.length() - 2)))
                        .sorted()
                        .map(Usage::pageSize)
                        .toList();
    }

    private static String pageSize(long kilobytes) {
        return kilobytes >= 1 << 20
                ? (kilobytes >> 20) + "GB"
                : kilobytes >= 1 << 10 ? (kilobytes >> 10) + "MB" : kilobytes + "KB";
    }

    private Optional<Rdt> rdt(Container container) {
        List<MakeResctrlGroup> groups = container.subject().plans().create().steps().stream()
                .flatMap(step ->
                        step.op() instanceof MakeResctrlGroup make ? Stream.of(make) : Stream.<MakeResctrlGroup>empty())
                .toList();
        if (groups.isEmpty() || facts.resctrl().isEmpty()) {
            return Optional.empty();
        }
        MakeResctrlGroup counting = groups.getLast();
        return Optional.of(new Rdt(
                facts.resctrl().get(),
                groups.getFirst().path(),
                counting.kind() == Group.OWN ? below(Path.of(counting.path(), "mon_data")) : List.of()));
    }

    private static List<String> below(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(Path::toString).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
