package org.slipway.helper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanCodec;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.trace.StepRecord;

/**
 * A launcher that enters a container which lives, does the launcher's steps of a plan from one place on to the next barrier, and ends;
 * {@code docs/protocols.md} section 2. Its page outlives this program: by it another helper knows what was done inside.
 */
final class Visit {

    /** None of its steps waits for anybody; one that hangs in the kernel is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int SIGKILL = 9;

    private final Tools tools;
    private final Plan plan;
    private final Path page;
    private final Channel control;
    private final int pid;
    private final Fd pidfd;

    private Visit(Tools tools, Plan plan, Path page, Channel control, int pid, Fd pidfd) {
        this.tools = tools;
        this.plan = plan;
        this.page = page;
        this.control = control;
        this.pid = pid;
        this.pidfd = pidfd;
    }

    /**
     * Starts it.
     *
     * @param step the index of the step that says so
     */
    static Visit begin(Tools tools, Folder folder, Plan plan, int step) throws IOException {
        Path directory = folder.file("visit");
        Plan until = until(plan, step + 1);
        Files.createDirectories(directory);
        Files.deleteIfExists(directory.resolve("page"));
        var _ = ResultPage.make(directory.resolve("page"), until.steps().size(), 0);
        Fd[] pair = Sockets.pairForChild(Sockets.SOCK_SEQPACKET);
        Channel control = new Channel(tools.reactor(), pair[0]);
        List<Fd> made = new ArrayList<>(List.of(pair[1]));
        try (Fd empty = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            made.add(Descriptors.sealed("plan-visit", PlanCodec.encode(until), false));
            made.add(Descriptors.memory("start", false));
            made.add(Descriptors.open(directory.toString(), Descriptors.O_RDONLY | Descriptors.O_DIRECTORY, 0));
            List<Fd> all = new ArrayList<>(List.of(empty, empty, empty));
            all.addAll(made);
            int pid = Processes.spawn(
                    tools.image().path(),
                    List.of("slipway-launch", "launcher", Integer.toString(step + 1)),
                    List.of(),
                    all);
            return new Visit(tools, plan, directory.resolve("page"), control, pid, Processes.pidfd(pid));
        } catch (IOException e) {
            control.close();
            throw e;
        } finally {
            made.forEach(Fd::close);
        }
    }

    /** The plan up to the barrier after the launcher's steps, in a kind that native programs know. */
    private static Plan until(Plan plan, int from) {
        int end = from;
        while (end < plan.steps().size() && plan.steps().get(end).actor() == Actor.LAUNCHER) {
            end++;
        }
        return new Plan(PlanKind.CREATE, plan.profile(), plan.steps().subList(0, end));
    }

    /** Waits until a barrier is reached, or throws what failed. */
    void await(int barrier, int step) throws IOException, InterruptedException, StepFailure {
        byte[] buffer = new byte[Packet.BUFFER];
        Sockets.Received received = control.receive(buffer, PATIENCE);
        received.descriptors().forEach(Fd::close);
        if (received.count() == 0) {
            throw new StepFailure(plan.kind(), step, StepFailure.Kind.LAUNCHER_DIED, Optional.empty(), "", null);
        }
        Packet packet = Packet.decode(buffer, received.count());
        if (packet.kind() == Packet.FAILED
                && packet.step() >= 0
                && packet.step() < plan.steps().size()) {
            throw new StepFailure(
                    plan.kind(),
                    packet.step(),
                    StepFailure.Kind.REFUSED,
                    Optional.of(new Errno(packet.errno())),
                    packet.words(),
                    null);
        }
        if (packet.kind() != Packet.SIGNAL || packet.value() != barrier) {
            throw new StepFailure(
                    plan.kind(),
                    step,
                    StepFailure.Kind.PROTOCOL,
                    Optional.empty(),
                    "packet kind " + packet.kind() + ", value " + packet.value(),
                    null);
        }
    }

    /** What became of its steps so far. */
    List<StepRecord> records() throws IOException {
        return records(page, plan.kind());
    }

    static List<StepRecord> records(Path page, PlanKind kind) throws IOException {
        return ResultPage.open(page).records().stream()
                .map(record -> new StepRecord(
                        kind,
                        record.step(),
                        record.result(),
                        record.errno(),
                        record.startNanos(),
                        record.endNanos(),
                        record.detail()))
                .toList();
    }

    /** Waits for its end. */
    void end() throws IOException, InterruptedException {
        control.close();
        try {
            if (!tools.reactor().awaitReadable(pidfd, PATIENCE)) {
                Processes.signal(pidfd, SIGKILL);
                if (!tools.reactor().awaitReadable(pidfd, PATIENCE)) {
                    throw new ErrnoException("waiting for launcher " + pid, Errno.EBUSY);
                }
            }
        } finally {
            OptionalInt _ = Processes.reap(pid);
            tools.reactor().close(pidfd);
        }
    }
}
