package org.slipway.helper.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program itself, with the options that stand before the sub-command. */
@Command(
        name = "slipway",
        description = "Makes, runs and ends OCI containers.",
        sortOptions = false,
        subcommands = {
            CreateCommand.class,
            ContainerCommands.Start.class,
            ContainerCommands.State.class,
            ContainerCommands.Kill.class,
            ContainerCommands.Delete.class,
            RunCommand.class,
            ContainerCommands.ListThem.class,
            BundleCommands.Spec.class,
            BundleCommands.Explain.class,
            BundleCommands.Validate.class,
            BundleCommands.Features.class,
        })
final class Root {

    @Option(names = "--root", paramLabel = "DIR", description = "State directory; has to be the helper's.")
    @Nullable String root;

    @Option(names = "--log", paramLabel = "FILE", description = "Errors are also written there.")
    @Nullable String log;

    @Option(names = "--log-format", paramLabel = "text|json", description = "Form of the log's lines.")
    LogFormat logFormat = LogFormat.text;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warning, info or debug.")
    Level logLevel = Level.info;

    @Option(names = "--debug", description = "The same as --log-level debug.")
    boolean debug;

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
            scope = picocli.CommandLine.ScopeType.INHERIT,
            description = "Prints this help.")
    boolean help;

    boolean wantsDebug() {
        return debug || logLevel == Level.debug;
    }

    // the words are the options' own values
    enum LogFormat {
        text,
        json
    }

    enum Level {
        error,
        warning,
        info,
        debug
    }
}
