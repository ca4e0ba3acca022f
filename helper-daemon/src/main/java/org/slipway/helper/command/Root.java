package org.slipway.helper.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slipway.model.plan.CgroupManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program itself, with the options that stand before the sub-command. */
@Command(name = "slipway", description = "Makes, runs and ends OCI containers.", sortOptions = false)
final class Root {

    /** The sub-commands in the order of the help; picocli takes their names from their annotations. */
    private static final Map<String, Supplier<Action>> COMMANDS = commands();

    private static Map<String, Supplier<Action>> commands() {
        Map<String, Supplier<Action>> commands = new LinkedHashMap<>();
        commands.put("create", CreateCommand::new);
        commands.put("start", ContainerCommands.Start::new);
        commands.put("state", ContainerCommands.State::new);
        commands.put("kill", ContainerCommands.Kill::new);
        commands.put("delete", ContainerCommands.Delete::new);
        commands.put("exec", ExecCommand::new);
        commands.put("ps", PsCommand::new);
        commands.put("pause", LiveCommands.Pause::new);
        commands.put("resume", LiveCommands.Resume::new);
        commands.put("update", UpdateCommand::new);
        commands.put("mounts", MountsCommand::new);
        commands.put("abort", ContainerCommands.Abort::new);
        commands.put("trace", RecordCommands.Trace::new);
        commands.put("hooks", RecordCommands.Hooks::new);
        commands.put("logs", RecordCommands.Logs::new);
        commands.put("drift", RecordCommands.Drift::new);
        commands.put("events", EventsCommand::new);
        commands.put("stop", StopCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("list", ContainerCommands.ListThem::new);
        commands.put("spec", BundleCommands.Spec::new);
        commands.put("explain", BundleCommands.Explain::new);
        commands.put("validate", BundleCommands.Validate::new);
        commands.put("convert", BundleCommands.Convert::new);
        commands.put("features", BundleCommands.Features::new);
        return commands;
    }

    /** The names of all sub-commands. */
    static Set<String> names() {
        return COMMANDS.keySet();
    }

    /** The parser with every sub-command. */
    CommandLine parser() {
        return parser(_ -> true);
    }

    /**
     * The parser for these words: reading the annotations of all sub-commands takes longer than most commands do, so only those
     * are read that stand among the words.
     */
    CommandLine parser(Set<String> words) {
        return parser(words::contains);
    }

    private CommandLine parser(Predicate<String> wanted) {
        var parser = new CommandLine(this);
        COMMANDS.forEach((name, make) -> {
            if (wanted.test(name)) {
                Action action = make.get();
                parser.addSubcommand(name, new CommandLine(action).setStopAtPositional(action.endsOptions()));
            }
        });
        // the helper would read the file, with its rights
        return parser.setExpandAtFiles(false);
    }

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "The helper's directory, or else the name of a set of containers.")
    @Nullable String root;

    @Option(
            names = "--tier",
            paramLabel = "administrator|confined",
            description = "The rights that containers are made with; default: the most that the helper allows.")
    @Nullable Tier tier;

    @Option(
            names = "--owner",
            paramLabel = "UID",
            description = "Whose containers are named; others than one's own are an administrator's to name.")
    @Nullable Long owner;

    @Option(names = "--log", paramLabel = "FILE", description = "Errors are also written there.")
    @Nullable String log;

    @Option(names = "--log-format", paramLabel = "text|json", description = "Form of the log's lines.")
    LogFormat logFormat = LogFormat.text;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warning, info or debug.")
    Level logLevel = Level.info;

    @Option(names = "--debug", description = "The same as --log-level debug.")
    boolean debug;

    @Option(names = "--systemd-cgroup", description = "The same as --cgroup-manager systemd.")
    boolean systemdCgroup;

    @Option(
            names = "--cgroup-manager",
            paramLabel = "cgroupfs|systemd|disabled",
            description = "Who makes cgroups: this runtime by files, systemd by transient scopes, or nobody.")
    Manager cgroupManager = Manager.cgroupfs;

    @Option(names = "--rootless", paramLabel = "true|false|auto", description = "Accepted; the helper knows.")
    String rootless = "auto";

    @Option(
            names = {"-v", "--version"},
            versionHelp = true,
            description = "Prints the versions.")
    boolean version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Prints this help.")
    boolean help;

    CgroupManager manager() {
        return systemdCgroup
                ? CgroupManager.SYSTEMD
                : CgroupManager.valueOf(cgroupManager.name().toUpperCase(Locale.ROOT));
    }

    boolean wantsDebug() {
        return debug || logLevel == Level.debug;
    }

    // the words are the options' own values
    enum Tier {
        administrator,
        confined
    }

    enum LogFormat {
        text,
        json
    }

    enum Manager {
        cgroupfs,
        systemd,
        disabled
    }

    enum Level {
        error,
        warning,
        info,
        debug
    }
}
