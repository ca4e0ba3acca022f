package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.run.Body;
import org.slipway.helper.run.Found;
import org.slipway.helper.run.Proc;
import org.slipway.helper.run.Stat;
import org.slipway.helper.run.Subject;
import org.slipway.helper.store.Entry;
import org.slipway.helper.store.Folder;
import org.slipway.helper.store.Identity;
import org.slipway.model.plan.Compiled;
import org.slipway.model.profile.Profiles;
import org.slipway.model.spec.DefaultSpec;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;

/**
 * What is left of a container whose record can't be used: taken away as far as what can still be read of it goes. Its processes are
 * those that hold its gate, and their children; what its plan made is undone if the plan is there. A cgroup is killed only if the
 * container is known to live in it: nothing of somebody else's is touched on a guess.
 */
final class Remains {

    private static final Logger LOG = LoggerFactory.getLogger(Remains.class);
    private static final int SIGKILL = 9;
    private static final int KEEPER_MILLIS = 2_000;
    private static final int MOST_MILLIS = 10_000;
    private static final int PAUSE_MILLIS = 10;

    private final Engine engine;
    private final Owned name;
    private final Folder folder;

    Remains(Engine engine, Owned name) {
        this.engine = engine;
        this.name = name;
        this.folder = engine.folder(name);
    }

    /** Takes it away; {@code warnings} is told what is not known to be gone. */
    void clear(Consumer<Failure> warnings) throws Failure, InterruptedException {
        try {
            Optional<Compiled.Ready> plans = folder.intent();
            Optional<Entry> recorded = folder.entry(); // now: the undo takes it along
            Map<Integer, Proc> living = living();
            List<String> theirs = cgroups(living, plans);
            List<Integer> alive = end(living);
            if (!alive.isEmpty()) {
                warnings.accept(Failure.host(
                        "remains-alive",
                        Map.of(
                                "id",
                                name.id().value(),
                                "pids",
                                alive.stream().map(String::valueOf).collect(Collectors.joining(", "))),
                        null));
            }
            if (plans.isPresent()) {
                undo(plans.get(), recorded, theirs, warnings);
                tellKept(plans.get(), warnings);
            } else {
                warnings.accept(
                        Failure.host("remains-unknown", Map.of("id", name.id().value()), null));
            }
            folder.remove();
        } catch (IOException e) {
            throw Engine.unreadable(e);
        }
    }

    /** The plan's own undo, without hooks: what they would be told is not known. */
    private void undo(Compiled.Ready plans, Optional<Entry> recorded, List<String> theirs, Consumer<Failure> warnings)
            throws Failure, InterruptedException {
        List<String> others = plans.cgroups().stream()
                .filter(path -> Cgroups.exists(path) && !theirs.contains(path) && inhabited(path))
                .toList();
        List<String> taken = Stream.concat(recorded.stream().flatMap(known -> known.taken().stream()), others.stream())
                .distinct()
                .toList();
        List<String> present = recorded.map(Entry::present).orElseGet(() -> perhapsPresent(plans));
        Entry entry = new Entry(
                Entry.VERSION,
                name.uid(),
                name.id().value(),
                "",
                "/",
                "",
                Map.of(),
                Instant.EPOCH.toString(),
                Status.STOPPED,
                Optional.empty(),
                Optional.empty(),
                present,
                taken,
                null,
                false,
                Optional.empty());
        Body body = new Body(engine.reactor(), folder);
        body.ended(ExitView.UNKNOWN);
        Subject subject = new Subject(folder, body, new byte[0], plans, entry);
        Drafting.Draft draft = new Drafting.Draft(spec(), plans, List.of());
        Container container = engine.container(name, draft, subject, Container.Operation.DELETE);
        engine.operations().undo(engine.toolbox().tools(), container, List.of(), false, warnings);
    }

    /**
     * Without a record nobody knows which of its groups were there before create, and may be somebody else's. Those that lie in a cgroup
     * made for containers were made with them; the others stay.
     */
    private static List<String> perhapsPresent(Compiled.Ready plans) {
        return Found.before(plans.create()).present().stream()
                .filter(path -> !Cgroups.marked(String.valueOf(Path.of(path).getParent())))
                .toList();
    }

    /** What is its own and is there still. */
    private void tellKept(Compiled.Ready plans, Consumer<Failure> warnings) {
        List<String> kept = Found.own(plans.create()).stream()
                .filter(Cgroups::exists)
                .distinct()
                .toList();
        if (!kept.isEmpty()) {
            warnings.accept(Failure.host(
                    "remains-kept", Map.of("id", name.id().value(), "paths", String.join(", ", kept)), null));
        }
    }

    private static boolean inhabited(String cgroup) {
        try {
            return Cgroups.taken(cgroup);
        } catch (ErrnoException e) {
            return true;
        }
    }

    private static Spec spec() throws Failure {
        return Drafting.spec(DefaultSpec.text().getBytes(StandardCharsets.UTF_8), Profiles.newest());
    }

    /** The keeper and an init at the gate hold the gate; an init that went on is a child of the keeper, or is on record. */
    private Map<Integer, Proc> living() throws IOException {
        Map<Integer, Proc> found = new LinkedHashMap<>();
        for (Optional<Identity> recorded : folder.entry().stream()
                .flatMap(entry -> List.of(entry.init(), entry.keeper()).stream())
                .toList()) {
            if (recorded.isPresent()) {
                Proc.find(recorded.get()).ifPresent(proc -> found.put(proc.pid(), proc));
            }
        }
        List<Stat> all = all();
        Path gate = folder.file("gate");
        for (Stat stat : all) {
            if (Files.exists(gate) && Adoption.holds(stat.pid(), gate)) {
                add(found, stat);
            }
        }
        List<Integer> keepers = List.copyOf(found.keySet());
        for (Stat stat : all) {
            if (keepers.contains(stat.parent())) {
                add(found, stat);
            }
        }
        return found;
    }

    private static void add(Map<Integer, Proc> found, Stat stat) throws ErrnoException {
        if (stat.alive() && stat.pid() != ProcessHandle.current().pid() && !found.containsKey(stat.pid())) {
            Proc.find(new Identity(stat.pid(), stat.startTime())).ifPresent(proc -> found.put(stat.pid(), proc));
        }
    }

    private static List<Stat> all() throws IOException {
        List<Stat> all = new ArrayList<>();
        try (DirectoryStream<Path> pids = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path pid : pids) {
                Stat.of(Integer.parseInt(pid.getFileName().toString())).ifPresent(all::add);
            }
        }
        return all;
    }

    /** Those of the plan in which one of its processes lives: by the lines of proc_pid_cgroup(5). */
    private static List<String> cgroups(Map<Integer, Proc> living, Optional<Compiled.Ready> plans) {
        List<String> lines = new ArrayList<>();
        for (Proc proc : living.values()) {
            List<String> its = Cgroups.text("/proc/" + proc.pid() + "/cgroup")
                    .orElse("")
                    .lines()
                    .toList();
            if (!proc.ended()) { // else the pid may be another's
                lines.addAll(its);
            }
        }
        return plans.map(Compiled.Ready::cgroups).orElse(List.of()).stream()
                .filter(path -> lines.stream()
                        .map(line -> line.substring(line.lastIndexOf(':') + 1))
                        .anyMatch(place -> place.length() > 1 && path.endsWith(place)))
                .toList();
    }

    /** First those that nobody of them waits for: a keeper takes in its init, and ends by itself. Returns who lives on. */
    private List<Integer> end(Map<Integer, Proc> living) throws IOException, InterruptedException {
        Set<Integer> keepers = new HashSet<>();
        living.keySet().forEach(pid -> Stat.of(pid).ifPresent(stat -> keepers.add(stat.parent())));
        try {
            kill(living.values().stream()
                    .filter(proc -> !keepers.contains(proc.pid()))
                    .toList());
            if (!ended(living.values(), KEEPER_MILLIS)) {
                kill(living.values());
            }
            if (!ended(living.values(), MOST_MILLIS)) {
                LOG.warn("{}: not every process ended in time", name);
            }
            List<Integer> alive = living.values().stream()
                    .filter(proc -> !proc.ended())
                    .map(Proc::pid)
                    .toList();
            living.keySet().forEach(pid -> {
                OptionalInt _ = Processes.reap(pid); // one that this very helper began
            });
            return alive;
        } finally {
            living.values().forEach(proc -> proc.pidfd().close());
        }
    }

    private void kill(Collection<Proc> processes) throws ErrnoException {
        for (Proc proc : processes) {
            LOG.info("{}: ending the process {}", name, proc.pid());
            proc.signal(SIGKILL);
        }
    }

    private static boolean ended(Collection<Proc> processes, int millis) throws InterruptedException {
        for (int waited = 0; !processes.stream().allMatch(Proc::ended); waited += PAUSE_MILLIS) {
            if (waited >= millis) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return true;
    }
}
