package org.slipway.helper.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.SpawningCommand;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanCodec;
import org.slipway.model.plan.PlanKind;

/**
 * The helper's end of the control socket during one create: starts the keeper with its descriptors, or has the command start the
 * launcher, then exchanges packets with launcher and init until init stands at the gate.
 */
public final class Launch implements AutoCloseable {

    private static final int NO_BARRIER = -1;
    private static final int SIGKILL = 9;

    private final Image image;
    private final Reactor reactor;
    private final Body body;
    private final Compiled.Ready plans;
    private final String folder;
    private final Streams streams;
    private final List<Fd> preserved;
    private final Optional<SpawningCommand> command;
    private Optional<Channel> control = Optional.empty();
    private Optional<Proc> unshared = Optional.empty();
    /** Of the launcher that the command started. */
    private Optional<Fd> started = Optional.empty();

    /** Nothing is started yet. */
    public Launch(
            Image image,
            Reactor reactor,
            Body body,
            Compiled.Ready plans,
            String folder,
            Streams streams,
            List<Fd> preserved,
            Optional<SpawningCommand> command) {
        this.image = image;
        this.reactor = reactor;
        this.body = body;
        this.plans = plans;
        this.folder = folder;
        this.streams = streams;
        this.preserved = List.copyOf(preserved);
        this.command = command;
    }

    /** Starts the keeper; {@code docs/protocols.md} section 2. */
    void spawn() throws IOException {
        try (Contract contract = contract();
                Fd empty = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            List<Fd> all = new ArrayList<>(standard(empty));
            all.addAll(contract.all());
            if (streams instanceof Streams.ConsoleSocket console) {
                all.add(console.socket());
            } else if (!preserved.isEmpty()) {
                all.add(Processes.ABSENT);
            }
            all.addAll(preserved);
            int pid = Processes.spawn(image.path(), List.of("slipway-launch", "keeper"), List.of(), all);
            Proc keeper = Proc.of(pid, Processes.pidfd(pid));
            // a dead keeper is not seen on the socket while launcher or init hold it
            body.keptBy(keeper, this::shutDown);
        }
    }

    /** Lets the command start the launcher; {@code docs/protocols.md} section 8. */
    void handOver() throws IOException {
        SpawningCommand parent = command.orElseThrow(() -> new IllegalStateException("a plan without its command"));
        try (Contract contract = contract()) {
            List<Fd> all = new ArrayList<>(List.of(image.memory()));
            all.addAll(contract.all());
            if (streams instanceof Streams.ConsoleSocket console) {
                all.add(console.socket());
            }
            started = Optional.of(parent.spawn(all, preserved.size()));
        }
    }

    /** What the launcher is started with in either way: descriptors 3 to 6. */
    private record Contract(Fd control, Fd create, Fd start, Fd directory) implements AutoCloseable {

        List<Fd> all() {
            return List.of(control, create, start, directory);
        }

        @Override
        public void close() {
            all().forEach(Fd::close);
        }
    }

    private Contract contract() throws IOException {
        Fd[] pair = Sockets.pairForChild(Sockets.SOCK_SEQPACKET);
        control = Optional.of(new Channel(reactor, pair[0]));
        List<Fd> made = new ArrayList<>(List.of(pair[1]));
        try {
            made.add(sealed("create", plans.create()));
            made.add(
                    plans.start().filter(plan -> !Opening.isFilledLater(plan)).isPresent()
                            ? sealed("start", plans.start().get())
                            : Descriptors.memory("start", false));
            made.add(Descriptors.open(folder, Descriptors.O_RDONLY | Descriptors.O_DIRECTORY, 0));
        } catch (IOException e) {
            made.forEach(Fd::close);
            throw e;
        }
        return new Contract(made.get(0), made.get(1), made.get(2), made.get(3));
    }

    private List<Fd> standard(Fd empty) {
        return streams instanceof Streams.Inherit inherit
                ? List.of(inherit.input(), inherit.output(), inherit.error())
                : List.of(empty, empty, empty);
    }

    private static Fd sealed(String name, Plan plan) throws ErrnoException {
        return Descriptors.sealed("plan-" + name, PlanCodec.encode(plan), false);
    }

    private void shutDown() {
        control.ifPresent(channel -> {
            if (channel.fd().isOpen()) {
                Sockets.shutdown(channel.fd());
            }
        });
    }

    /** Lets the other side go on past a barrier; if nobody is there any more, what it said before it went is the failure. */
    void go(int barrier, int step) throws IOException, InterruptedException, StepFailure {
        try {
            channel().send(Packet.of(Packet.GO, barrier).encode(), List.of(), null);
        } catch (ErrnoException e) {
            if (e.errno().name().equals("EPIPE") || e.errno().name().equals("ECONNRESET")) {
                whatFailed(step);
            }
            throw e;
        }
    }

    /** The other side is gone, or about to be: reads on until it says why, or ends. */
    void whatFailed(int step) throws IOException, InterruptedException, StepFailure {
        await(NO_BARRIER, step);
    }

    /** Waits until a barrier is reached; learns of init on the way. */
    void await(int barrier, int step) throws IOException, InterruptedException, StepFailure {
        byte[] buffer = new byte[Packet.BUFFER];
        while (true) {
            Sockets.Received received = receive(buffer);
            if (received.count() == 0) {
                throw ended(step);
            }
            Packet packet = Packet.decode(buffer, received.count());
            switch (packet.kind()) {
                case Packet.CLONED -> born(packet, received.descriptors(), step);
                case Packet.UNSHARED -> unshared(packet, received.descriptors(), step);
                case Packet.FAILED -> throw failed(packet);
                case Packet.SIGNAL -> {
                    if (barrier == NO_BARRIER) {
                        continue;
                    }
                    if (packet.value() != barrier) {
                        throw protocol(step, "barrier " + packet.value() + " before " + barrier);
                    }
                    return;
                }
                default -> throw protocol(step, "packet kind " + packet.kind());
            }
        }
    }

    private Sockets.Received receive(byte[] buffer) throws IOException, InterruptedException {
        try {
            return channel().receive(buffer, null);
        } catch (ErrnoException e) {
            if (e.errno().name().equals("ECONNRESET")) {
                return new Sockets.Received(0, List.of(), false);
            }
            throw e;
        }
    }

    private void born(Packet packet, List<Fd> descriptors, int step) throws StepFailure {
        if (descriptors.size() != 1 || packet.value() <= 0) {
            descriptors.forEach(Fd::close);
            throw protocol(step, "CLONED with " + descriptors.size() + " descriptors");
        }
        Fd pidfd = descriptors.getFirst();
        if (command.isPresent() && !childOfCommand(packet.value(), pidfd)) {
            pidfd.close();
            throw protocol(step, "CLONED with a process that is no child of the command");
        }
        body.born(Proc.of(packet.value(), pidfd));
        if (command.isPresent()) {
            body.unkept();
        }
    }

    /** What the command's launcher names as init is believed only as far as the kernel says the same. */
    private boolean childOfCommand(int pid, Fd pidfd) {
        try {
            return Processes.pid(pidfd) == pid
                    && Stat.of(pid)
                            .filter(stat ->
                                    stat.parent() == command.orElseThrow().pid())
                            .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    /** The launcher, which is the caller by now, stands in a user namespace of theirs and waits for its maps. */
    private void unshared(Packet packet, List<Fd> descriptors, int step) throws StepFailure {
        if (descriptors.size() != 1 || packet.value() <= 0 || unshared.isPresent()) {
            descriptors.forEach(Fd::close);
            throw protocol(step, "UNSHARED with " + descriptors.size() + " descriptors");
        }
        unshared = Optional.of(Proc.of(packet.value(), descriptors.getFirst()));
    }

    /** The launcher in the caller's new user namespace, once it said that it stands there. */
    Optional<Proc> unshared() {
        return unshared;
    }

    private static StepFailure failed(Packet packet) {
        return new StepFailure(
                PlanKind.CREATE,
                packet.step(),
                packet.errno() < 0 ? StepFailure.Kind.HOOK : StepFailure.Kind.REFUSED,
                packet.errno() > 0 ? Optional.of(new Errno(packet.errno())) : Optional.empty(),
                packet.words(),
                packet.value(),
                null);
    }

    /** Reads what is left on the socket, so that an init made at the last moment is not forgotten. */
    private void drain() {
        if (control.isEmpty()) {
            return;
        }
        byte[] buffer = new byte[Packet.BUFFER];
        try {
            while (true) {
                Optional<Sockets.Received> received = Sockets.receive(channel().fd(), buffer);
                if (received.isEmpty() || received.get().count() == 0) {
                    return;
                }
                Packet packet = Packet.decode(buffer, received.get().count());
                if (packet.kind() == Packet.CLONED
                        && received.get().descriptors().size() == 1
                        && body.init().isEmpty()
                        && (command.isEmpty()
                                || childOfCommand(
                                        packet.value(),
                                        received.get().descriptors().getFirst()))) {
                    body.born(
                            Proc.of(packet.value(), received.get().descriptors().getFirst()));
                } else {
                    received.get().descriptors().forEach(Fd::close);
                }
            }
        } catch (IOException e) {
            // nothing more can be learned
        }
    }

    /** The stream ended without a word: who died, and of what. */
    private StepFailure ended(int step) throws InterruptedException {
        Optional<ExitView> exit = Optional.empty();
        try {
            // without init nobody records an end
            int patience = command.isPresent() && body.init().isEmpty() ? 0 : 2;
            exit = Optional.of(body.exit().get(patience, TimeUnit.SECONDS));
        } catch (TimeoutException | ExecutionException e) {
            // still being recorded, or never
        }
        if (exit.isPresent() && exit.get().known()) {
            return new StepFailure(
                    PlanKind.CREATE,
                    step,
                    StepFailure.Kind.INIT_DIED,
                    Optional.empty(),
                    Integer.toString(exit.get().signal()),
                    null);
        }
        StepFailure.Kind kind = command.isPresent() ? StepFailure.Kind.LAUNCHER_DIED : StepFailure.Kind.KEEPER_DIED;
        return new StepFailure(PlanKind.CREATE, step, kind, Optional.empty(), "", null);
    }

    private static StepFailure protocol(int step, String text) {
        return new StepFailure(PlanKind.CREATE, step, StepFailure.Kind.PROTOCOL, Optional.empty(), text, null);
    }

    private Channel channel() {
        return control.orElseThrow(() -> new IllegalStateException("a barrier before the keeper exists"));
    }

    /** Hangs up on a create that failed: a launcher that no keeper kills is killed from here. */
    public void breakOff() {
        hangUp();
        started.ifPresent(launcher -> {
            try {
                Processes.signal(launcher, SIGKILL);
            } catch (ErrnoException e) {
                // it has ended by itself
            }
        });
    }

    /** Hangs up: before init stands at the gate this ends launcher and init, afterwards it means nothing to them. */
    public void hangUp() {
        drain();
        control.ifPresent(Channel::close);
        control = Optional.empty();
        unshared.ifPresent(proc -> proc.release(reactor));
        unshared = Optional.empty();
    }

    @Override
    public void close() {
        hangUp();
        started.ifPresent(Fd::close);
        started = Optional.empty();
    }
}
