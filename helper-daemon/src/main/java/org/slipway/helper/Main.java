package org.slipway.helper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.LoggerFactory;
import org.slipway.helper.cgroup.Host;
import org.slipway.helper.command.BundleWork;
import org.slipway.helper.command.Commands;
import org.slipway.helper.command.OwnProcess;
import org.slipway.helper.command.Sentences;
import org.slipway.helper.door.ConfinedTier;
import org.slipway.helper.door.RuntimeDirectory;
import org.slipway.helper.engine.Engine;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Reactor;
import org.slipway.model.plan.HostFacts;
import picocli.CommandLine;

/** {@code slipwayd}: the helper, or with {@code --command} one command that needs none. */
public final class Main {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Main() {}

    /** Runs until it is told to end; see {@code slipwayd(8)} for options and exit statuses. */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean one = args.length > 0 && args[0].equals("--command");
        System.exit(one ? command(List.of(args).subList(1, args.length)) : helper(args));
    }

    /** Touches no native code: it would take longer than the command. */
    private static int command(List<String> arguments) throws IOException, InterruptedException {
        return Commands.offline(new OwnProcess(arguments), new BundleWork(Main::look));
    }

    private static HostFacts look() {
        try {
            return Host.look();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int helper(String[] args) throws InterruptedException {
        var options = new Options();
        var line = new CommandLine(options);
        OptionalInt administrator;
        try {
            line.parseArgs(args);
            administrator = options.administrator();
            ConfinedTier.Settings _ = options.perPerson();
        } catch (CommandLine.ParameterException | IllegalArgumentException e) {
            System.err.println("slipwayd: " + e.getMessage());
            line.usage(System.err, CommandLine.Help.Ansi.OFF);
            return MISUSED;
        }
        if (options.help) {
            line.usage(System.out, CommandLine.Help.Ansi.OFF);
            return 0;
        }
        if (!options.rest.isEmpty()) {
            System.err.println("slipwayd: no words are expected: " + options.rest);
            line.usage(System.err, CommandLine.Help.Ansi.OFF);
            return MISUSED;
        }
        try {
            serve(options, administrator);
            return 0;
        } catch (Failure e) {
            System.err.println("slipwayd: " + Sentences.of(e));
        } catch (IOException e) {
            LoggerFactory.getLogger(Main.class).debug("the helper cannot go on", e);
            System.err.println(
                    "slipwayd: " + Sentences.of(Failure.host("helper-cannot-start", Map.of("why", "" + e), e)));
        }
        return FAILED;
    }

    private static void serve(Options options, OptionalInt named) throws Failure, IOException, InterruptedException {
        boolean superuser = Processes.uid() == 0;
        Path root = options.root(superuser, System.getenv("XDG_RUNTIME_DIR"));
        // in rootless mode the helper's person and its administrator are one
        OptionalInt administrator = superuser ? named : OptionalInt.of(Processes.uid());
        ConfinedTier confined = new ConfinedTier(options.perPerson(), !superuser);
        try (RuntimeDirectory directory = RuntimeDirectory.take(root);
                Reactor reactor = Reactor.start();
                Engine engine = Engine.open(
                        root,
                        options.launcher(),
                        Host.facts(),
                        reactor,
                        confined.settings().containers());
                Helper helper = new Helper(directory, reactor, engine, engine.facts(), administrator, confined)) {
            endBySignal(helper);
            if (options.idleExit) {
                helper.endWhenIdle();
            }
            helper.open();
            helper.await();
        }
    }

    /** A signal is an orderly end: the sockets go, containers stay, and the status is 0. */
    private static void endBySignal(Helper helper) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("end").unstarted(() -> {
            if (helper.ends()) {
                return; // it is ending by itself, with a status of its own
            }
            helper.close();
            Runtime.getRuntime().halt(0);
        }));
    }
}
