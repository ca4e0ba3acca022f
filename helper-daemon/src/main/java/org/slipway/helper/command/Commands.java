package org.slipway.helper.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.LoggerFactory;
import org.slipway.helper.lifecycle.Failure;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Reads what was typed, does it, and says in one line what went wrong. */
public final class Commands {

    /** Exit status of a command that failed. */
    static final int FAILED = 1;

    /** Exit status of a command that was not understood and had no effect (CLI-G-13). */
    static final int MISUSED = 2;

    private Commands() {}

    /** A command that needs no helper, done in the caller's own process. */
    public static int offline(Client client, Offline offline) throws IOException, InterruptedException {
        return run(new Context(client, Optional.empty(), offline), new Parsers());
    }

    static int run(Context context, Parsers parsers) throws IOException, InterruptedException {
        List<String> words = context.client().hello().arguments();
        CommandLine line = parsers.take(words);
        Root root = line.getCommand();
        ParseResult parsed;
        try {
            parsed = line.parseArgs(words.toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            return misused(context, root, misuse(e), e.getCommandLine());
        }
        List<CommandLine> chain = parsed.asCommandLineList();
        CommandLine last = chain.getLast();
        if (last.isUsageHelpRequested()) {
            context.out(usage(whole(last)));
            return 0;
        }
        if (root.version) {
            context.out(versions(context.offline().versions()));
            return 0;
        }
        if (!(last.getCommand() instanceof Action action)) {
            return misused(context, root, "a command is missing", line);
        }
        return act(context, root, action);
    }

    /** In the log too, as far as the options before the misuse name one. */
    private static int misused(Context context, Root root, String what, CommandLine where) throws IOException {
        context.err("slipway: " + what + "\n" + usage(whole(where)));
        logged(context, log(context, root), what);
        return MISUSED;
    }

    private static Optional<Log> log(Context context, Root root) {
        return Optional.ofNullable(root.log)
                .map(path -> new Log(
                        context.client(),
                        path,
                        root.logFormat == Root.LogFormat.json,
                        root.logLevel != Root.Level.error));
    }

    private static int act(Context context, Root root, Action action) throws IOException, InterruptedException {
        Optional<Log> log = log(context, root);
        try {
            if (log.isPresent() && root.wantsDebug()) {
                log.get().debug(String.join(" ", context.client().hello().arguments()));
            }
            sameTier(context, root);
            return action.run(context.with(log, root.manager(), set(context, root), root.tier, owner(root)));
        } catch (Failure e) {
            return failed(context, action, log, e);
        } catch (Client.FileTrouble e) {
            return failed(context, action, Optional.empty(), Context.failure("log-unwritable", e));
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Commands.class).error("a command failed", e);
            return failed(context, action, log, Failure.bug("internal-error", Map.of("what", "" + e), e));
        }
    }

    /**
     * A directory other than the helper's is another set of containers: containerd names one for each of its namespaces. Ids are
     * the helper's, so that two sets cannot have the same id at the same time.
     */
    private static Optional<String> set(Context context, Root root) {
        return context.helper().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(root.root)
                        .map(context.client().hello()::absolute)
                        .filter(asked -> !asked.equals(context.helper().get().root()));
    }

    /** Other rights than those asked for are never used in silence, neither more nor less. */
    private static void sameTier(Context context, Root root) throws Failure {
        if (root.tier == null || context.helper().isEmpty()) {
            return;
        }
        String given = context.helper().get().gate().peer().tier().word();
        if (!given.equals(root.tier.name())) {
            throw Failure.caller("tier-other", Map.of("asked", root.tier.name(), "given", given));
        }
    }

    private static OptionalInt owner(Root root) throws Failure {
        if (root.owner == null) {
            return OptionalInt.empty();
        } else if (root.owner < 0 || root.owner >= 0xffffffffL) {
            throw Failure.caller("owner-malformed", Map.of("uid", "" + root.owner));
        }
        return OptionalInt.of(root.owner.intValue());
    }

    private static int failed(Context context, Action action, Optional<Log> log, Failure failure) throws IOException {
        String sentence = Sentences.of(failure).replace('\n', ' ');
        context.err("slipway: " + sentence + "\n");
        logged(context, log, sentence);
        return action.failed();
    }

    private static void logged(Context context, Optional<Log> log, String sentence) throws IOException {
        if (log.isEmpty()) {
            return;
        }
        try {
            log.get().error(sentence);
        } catch (Client.FileTrouble e) {
            context.err("slipway: " + Sentences.of(Context.failure("log-unwritable", e)) + "\n");
        }
    }

    /** What was not understood, in one line. */
    private static String misuse(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return String.valueOf(e.getMessage());
        }
        String what = unmatched.isUnknownOption()
                ? "no such option"
                : e.getCommandLine().getParent() == null ? "no such command" : "an argument too many";
        return what + ": '" + unmatched.getUnmatched().getFirst() + "'";
    }

    /** The help of the program itself names all sub-commands. */
    private static CommandLine whole(CommandLine command) {
        return command.getParent() == null ? new Root().parser() : command;
    }

    private static String usage(CommandLine command) {
        var text = new StringWriter();
        command.usage(new PrintWriter(text), CommandLine.Help.Ansi.OFF);
        return text.toString();
    }

    private static String versions(Offline.Versions versions) {
        return "slipway version " + versions.version() + "\ncommit: " + versions.commit() + "\nspec: "
                + versions.specification() + "\n";
    }
}
