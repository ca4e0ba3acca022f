package org.slipway.helper.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.lifecycle.Breakable;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Blob;
import org.slipway.model.state.Owned;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that create and run have in common, and the making of a container by them. */
final class MakeOptions {

    /** What runc sends along with the descriptor. */
    private static final byte[] PIDFD = "pidfd".getBytes(StandardCharsets.US_ASCII);

    @Option(
            names = {"-b", "--bundle"},
            paramLabel = "DIR",
            description = "The bundle; default: the working directory.")
    String bundle = ".";

    @Option(
            names = {"-f", "--config"},
            paramLabel = "FILE",
            description = "The configuration, relative to the bundle; default: config.json.")
    String config = "config.json";

    @picocli.CommandLine.Mixin
    BundleCommands.Rules profile = new BundleCommands.Rules();

    @Option(names = "--pid-file", paramLabel = "FILE", description = "Where the pid is written.")
    @Nullable String pidFile;

    @Option(names = "--console-socket", paramLabel = "PATH", description = "Socket that gets the terminal's master.")
    @Nullable String consoleSocket;

    @Option(names = "--pidfd-socket", paramLabel = "PATH", description = "Socket that gets a pidfd of the process.")
    @Nullable String pidfdSocket;

    @Option(names = "--preserve-fds", paramLabel = "N", description = "Further descriptors for the program, from 3 on.")
    int preserve;

    @Option(names = "--no-pivot", description = "Moves the root instead of pivoting; for a root on a ramfs.")
    boolean noPivot;

    @Option(names = "--no-new-keyring", description = "Keeps the session keyring.")
    boolean noNewKeyring;

    /** Set by the commands that an engine calls. */
    SpawnOption spawn = SpawnOption.keeper;

    @Parameters(paramLabel = "ID", index = "0", arity = "1", description = "The container's id.")
    String id = "";

    /** The bytes of the configuration, read by the client. */
    byte[] readConfig(Context context) throws Failure, IOException {
        return BundleCommands.readConfig(context, bundle, config);
    }

    /** Makes the container of a configuration, without a terminal of ours. */
    ContainerView create(Context context, byte[] config) throws Failure, IOException {
        return create(context, config, Configurations.terminal(config), Optional.empty());
    }

    /**
     * Makes the container.
     *
     * @param terminal whether the configuration asks for one
     * @param ours takes the terminal's master when no console socket is named
     */
    ContainerView create(Context context, byte[] config, boolean terminal, Optional<Fd> ours)
            throws Failure, IOException {
        Context.Helper helper = context.need();
        Owned name = context.newName(id);
        if (name.uid() != helper.gate().peer().uid()) {
            throw Failure.caller("owner-not-yours", Map.of("uid", Integer.toUnsignedString(name.uid())));
        }
        if (terminal && consoleSocket == null && ours.isEmpty()) {
            throw Failure.caller("console-socket-needed", Map.of("id", id));
        }
        if (!terminal && consoleSocket != null) {
            throw Failure.caller("console-socket-without-terminal", Map.of("path", consoleSocket));
        }
        List<Fd> descriptors = helper.frames().descriptors();
        if (preserve < 0 || preserve > descriptors.size() - 3) {
            throw Failure.caller(
                    "preserved-descriptors-missing",
                    Map.of("wanted", "" + preserve, "given", "" + (descriptors.size() - 3)));
        }
        List<Finding> doubts = new ArrayList<>();
        Fd console = terminal && consoleSocket != null
                ? connect(helper.frames(), consoleSocket, "console-socket-unreachable")
                : null;
        Fd pidfd = null;
        try {
            // before anything is made
            pidfd = pidfdSocket != null ? connect(helper.frames(), pidfdSocket, "pidfd-socket-unreachable") : null;
            Streams streams = !terminal
                    ? new Streams.Inherit(descriptors.get(0), descriptors.get(1), descriptors.get(2))
                    : new Streams.ConsoleSocket(console != null ? console : ours.orElseThrow());
            CreateRequest request = new CreateRequest(
                    name,
                    context.client().hello().absolute(bundle),
                    Blob.of(config),
                    streams,
                    descriptors.subList(3, descriptors.size()),
                    context.client().hello().umask(),
                    noPivot,
                    noNewKeyring,
                    context.manager(),
                    spawn.spawner(helper, pidFile != null),
                    context.set(),
                    context.client().hello().activation(descriptors.size() - 3 - preserve),
                    doubts::addAll,
                    profile.profile());
            ContainerView made = breakable(helper, request);
            for (Finding doubt : doubts) {
                context.warn(Sentences.of(Views.finding(doubt)));
            }
            if (pidfd != null) {
                sendPidfd(context, made, pidfd);
            }
            writePid(context, made);
            return made;
        } finally {
            if (pidfd != null) {
                pidfd.close();
            }
            if (console != null) {
                console.close();
            }
        }
    }

    /** A caller that goes away, or presses Ctrl-C, does not want the container any more. */
    private static ContainerView breakable(Context.Helper helper, CreateRequest request) throws Failure {
        Breakable creation = Breakable.begin();
        helper.frames().breakable(creation);
        try {
            return helper.gate().create(request);
        } finally {
            helper.frames().unbreakable();
            boolean _ = creation.end();
        }
    }

    static Fd connect(FrameClient frames, String path, String code) throws Failure, IOException {
        try {
            return frames.connect(path);
        } catch (Client.FileTrouble e) {
            throw Context.failure(code, e);
        }
    }

    /** The pidfd is init's if init, which waits at the gate, is still there after it was opened (CLI-CREATE-04). */
    private void sendPidfd(Context context, ContainerView made, Fd socket) throws Failure {
        String path = String.valueOf(pidfdSocket);
        int pid = made.pid().orElse(0);
        try (Fd pidfd = Processes.pidfd(pid)) {
            if (context.need().gate().state(made.name()).pid().orElse(0) != pid || !sent(socket, pidfd)) {
                throw new ErrnoException("sendmsg()", Errno.ESRCH);
            }
        } catch (ErrnoException e) {
            context.need().gate().delete(made.name(), true);
            throw Context.failure(
                    "pidfd-socket-unreachable",
                    new Client.FileTrouble(path, e.errno().name()));
        }
    }

    private static boolean sent(Fd socket, Fd pidfd) throws ErrnoException {
        return Sockets.send(socket, PIDFD, 0, PIDFD.length, List.of(pidfd)) >= 0;
    }

    /** Sends a pidfd as runc does. */
    static void send(Fd socket, Fd pidfd) throws ErrnoException {
        if (!sent(socket, pidfd)) {
            throw new ErrnoException("sendmsg()", Errno.ESRCH);
        }
    }

    /** Before create returns, and if it cannot be written the container was not made either. */
    private void writePid(Context context, ContainerView made) throws Failure, IOException {
        if (pidFile == null) {
            return;
        }
        try {
            String pid = Integer.toString(made.pid().orElse(0));
            context.client().put(pidFile, pid.getBytes(StandardCharsets.US_ASCII));
        } catch (Client.FileTrouble e) {
            context.need().gate().delete(made.name(), true);
            throw Context.failure("pid-file-unwritable", e);
        } catch (IOException e) {
            context.need().gate().delete(made.name(), true);
            throw e;
        }
    }
}
