package org.slipway.helper.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.lifecycle.Breakable;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.ExecProcess;
import org.slipway.model.state.Owned;
import org.slipway.model.wire.Wire;
import org.slipway.model.wire.WireException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "exec", description = "Executes a program in a container that is created or running.")
final class ExecCommand implements Action {

    /** Largest process object that is read, in bytes: more than execve(2) takes. */
    private static final int LARGEST = 2 << 20;

    /** Of a program that was not started (CLI-EXEC-05). */
    static final int NOT_STARTED = 255;

    @Option(
            names = {"-p", "--process"},
            paramLabel = "FILE",
            description = "A process object as in config.json: its members take the place of the container's.")
    @Nullable String process;

    @Option(
            names = {"-d", "--detach"},
            description = "Returns once the program runs.")
    boolean detach;

    @Option(
            names = {"-t", "--tty"},
            description = "Gives the program a terminal.")
    boolean tty;

    @Option(names = "--console-socket", paramLabel = "PATH", description = "Socket that gets the terminal's master.")
    @Nullable String consoleSocket;

    @Option(names = "--pidfd-socket", paramLabel = "PATH", description = "Socket that gets a pidfd of the process.")
    @Nullable String pidfdSocket;

    @Option(names = "--pid-file", paramLabel = "FILE", description = "Where the pid is written.")
    @Nullable String pidFile;

    @Option(names = "--preserve-fds", paramLabel = "N", description = "Further descriptors for the program, from 3 on.")
    int preserve;

    @Option(names = "--cwd", paramLabel = "DIR", description = "The working directory.")
    @Nullable String cwd;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "A variable of the environment.")
    List<String> env = new ArrayList<>();

    @Option(
            names = {"-u", "--user"},
            paramLabel = "UID[:GID]",
            description = "User and group, as numbers.")
    @Nullable String user;

    @Option(
            names = {"-g", "--additional-gids"},
            paramLabel = "GID",
            split = ",",
            description = "Further groups, as numbers.")
    List<String> groups = new ArrayList<>();

    @Option(
            names = {"-c", "--cap"},
            paramLabel = "CAP_NAME",
            split = ",",
            description = "Further capabilities.")
    List<String> capabilities = new ArrayList<>();

    @Option(
            names = "--no-new-privs",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Whether the program can gain privileges by executing others.")
    @Nullable Boolean noNewPrivileges;

    @Option(names = "--apparmor", paramLabel = "PROFILE", description = "The AppArmor profile.")
    @Nullable String apparmor;

    @Option(names = "--process-label", paramLabel = "LABEL", description = "The SELinux label.")
    @Nullable String label;

    @Option(names = "--cgroup", paramLabel = "[CONTROLLER,…:]PATH", description = "A cgroup beneath the container's.")
    List<String> cgroups = new ArrayList<>();

    @Option(names = "--ignore-paused", description = "In a paused container too; the program waits for its resume.")
    boolean ignorePaused;

    @Option(
            names = "--spawn",
            paramLabel = "caller|keeper|auto",
            description = "Whose child the program becomes, as with create; caller needs --detach.")
    SpawnOption spawn = SpawnOption.auto;

    @Option(names = "--no-subreaper", hidden = true, description = "Accepted: nobody else reaps.")
    boolean noSubreaper;

    @Parameters(paramLabel = "ID", index = "0", description = "The container's id.")
    String id = "";

    /** The first word that is no option ends them: what follows is the program's. */
    @Parameters(paramLabel = "COMMAND", index = "1..*", description = "The program and its arguments.")
    List<String> command = new ArrayList<>();

    @Override
    public boolean endsOptions() {
        return true;
    }

    @Override
    public int failed() {
        return NOT_STARTED;
    }

    @Override
    public int run(Context context) throws Failure, IOException, InterruptedException {
        context.need();
        Owned name = context.name(id);
        ExecProcess asked = asked(context);
        boolean terminal = asked.terminal()
                || asked.process()
                        .map(given -> given.path("terminal").asBoolean(false))
                        .orElse(false);
        if (terminal && detach && consoleSocket == null) {
            throw Failure.caller("exec-console-needed", Map.of("id", id));
        }
        if (!terminal && consoleSocket != null) {
            throw Failure.caller("console-socket-without-terminal", Map.of("path", consoleSocket));
        }
        if (!detach && spawn == SpawnOption.caller) {
            throw Failure.caller("spawn-needs-detach", Map.of());
        }
        if (!detach) {
            return new ExecForeground(context, this, name).run(asked, terminal);
        }
        ExecView _ = exec(context, name, asked, terminal, Optional.empty(), () -> {});
        return 0;
    }

    /** What the options ask for. */
    private ExecProcess asked(Context context) throws Failure, IOException {
        Optional<ObjectNode> given = process == null ? Optional.empty() : Optional.of(file(context, process));
        Optional<Long> uid = Optional.empty();
        Optional<Long> gid = Optional.empty();
        if (user != null) {
            int colon = user.indexOf(':');
            uid = Optional.of(number("user", colon < 0 ? user : user.substring(0, colon)));
            gid = colon < 0 ? Optional.empty() : Optional.of(number("user", user.substring(colon + 1)));
        }
        List<Long> additional = new ArrayList<>();
        for (String group : groups) {
            additional.add(number("additional-gids", group));
        }
        for (String variable : env) {
            if (variable.indexOf('=') < 1) {
                throw Failure.caller("option-malformed", Map.of("option", "--env", "value", variable));
            }
        }
        return new ExecProcess(
                given,
                command,
                tty,
                Optional.ofNullable(cwd),
                env,
                uid,
                gid,
                additional,
                capabilities.stream().map(ExecCommand::capability).toList(),
                Optional.ofNullable(noNewPrivileges),
                Optional.ofNullable(apparmor),
                Optional.ofNullable(label));
    }

    private static ObjectNode file(Context context, String path) throws Failure, IOException {
        try {
            String absolute = context.client().hello().absolute(path);
            if (Wire.tree(context.client().read(absolute, LARGEST)) instanceof ObjectNode object) {
                return object;
            }
        } catch (Client.FileTrouble e) {
            throw BundleCommands.unreadable("config-unreadable", e, LARGEST);
        } catch (WireException e) {
            throw Failure.caller("process-malformed", Map.of("path", path, "text", String.valueOf(e.getMessage())));
        }
        throw Failure.caller("process-malformed", Map.of("path", path, "text", "not an object"));
    }

    /** With or without its prefix, in any case. */
    private static String capability(String name) {
        String upper = name.toUpperCase(java.util.Locale.ROOT);
        return upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    }

    private static long number(String option, String text) throws Failure {
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) >= 0xffffffffL) {
            throw Failure.caller("option-malformed", Map.of("option", "--" + option, "value", text));
        }
        return Long.parseLong(text);
    }

    /** What is to be done before the program is executed. */
    interface Prepare {
        void prepare() throws Failure, IOException;
    }

    /** Executes it; {@code ours} takes the terminal's master when no console socket is named. */
    ExecView exec(Context context, Owned name, ExecProcess asked, boolean terminal, Optional<Fd> ours, Prepare prepare)
            throws Failure, IOException {
        FrameClient frames = context.need().frames();
        List<Fd> descriptors = frames.descriptors();
        if (preserve < 0 || preserve > descriptors.size() - 3) {
            throw Failure.caller(
                    "preserved-descriptors-missing",
                    Map.of("wanted", "" + preserve, "given", "" + (descriptors.size() - 3)));
        }
        List<Finding> doubts = new ArrayList<>();
        Fd console =
                consoleSocket != null ? MakeOptions.connect(frames, consoleSocket, "console-socket-unreachable") : null;
        Fd pidfd = null;
        try {
            // before anything is made
            pidfd = pidfdSocket != null ? MakeOptions.connect(frames, pidfdSocket, "pidfd-socket-unreachable") : null;
            Optional<Fd> announce = Optional.ofNullable(pidfd);
            Streams streams = terminal
                    ? new Streams.ConsoleSocket(console != null ? console : ours.orElseThrow())
                    : new Streams.Inherit(descriptors.get(0), descriptors.get(1), descriptors.get(2));
            ExecView made = breakable(
                    context,
                    new Execution(
                            name,
                            Optional.empty(),
                            asked,
                            streams,
                            descriptors.subList(3, descriptors.size()),
                            context.client().hello().umask(),
                            cgroups,
                            ignorePaused,
                            detach ? Execution.End.FORGOTTEN : Execution.End.COLLECTED,
                            pid -> {
                                born(context, pid, announce);
                                prepare.prepare();
                            },
                            doubts::addAll,
                            detach ? spawn.spawner(context.need(), pidFile != null) : Optional.empty()));
            for (Finding doubt : doubts) {
                context.warn(Sentences.of(Views.finding(doubt)));
            }
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

    /** A caller that goes away, or presses Ctrl-C, does not want the program any more. */
    private static ExecView breakable(Context context, Execution execution) throws Failure {
        Breakable making = Breakable.begin();
        context.need().frames().breakable(making);
        try {
            return context.need().gate().execs().exec(execution);
        } finally {
            context.need().frames().unbreakable();
            making.end();
        }
    }

    /** While the process waits to be executed: what cannot be told its pid shall not run. */
    private void born(Context context, int pid, Optional<Fd> socket) throws Failure, IOException {
        if (socket.isPresent()) {
            try (Fd pidfd = Processes.pidfd(pid)) {
                MakeOptions.send(socket.get(), pidfd);
            } catch (ErrnoException e) {
                throw Context.failure(
                        "pidfd-socket-unreachable",
                        new Client.FileTrouble(
                                String.valueOf(pidfdSocket), e.errno().name()));
            }
        }
        if (pidFile != null) {
            try {
                context.client().put(pidFile, Integer.toString(pid).getBytes(StandardCharsets.US_ASCII));
            } catch (Client.FileTrouble e) {
                throw Context.failure("pid-file-unwritable", e);
            }
        }
    }
}
