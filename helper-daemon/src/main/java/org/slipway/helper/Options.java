package org.slipway.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The helper's own command line. */
@Command(name = "slipwayd", description = "Starts the helper of Slipway.", sortOptions = false)
final class Options {

    @Option(
            names = {"--root", "--runtime-dir"},
            paramLabel = "DIR",
            description = "Sockets and state; default: /run/slipway, or slipway in $XDG_RUNTIME_DIR.")
    @Nullable Path root;

    @Option(
            names = "--administrator-uid",
            paramLabel = "UID",
            description = "One person who may do everything, besides root and the group slipway-admin.")
    @Nullable Long administratorUid;

    @Option(names = "--idle-exit", description = "Ends with the last container, when nobody is connected any more.")
    boolean idleExit;

    @Option(names = "--launcher", paramLabel = "PATH", description = "The program slipway-launch.")
    @Nullable Path launcher;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Option(names = "--command", description = "Does a command that needs no helper in this process; its words follow.")
    boolean command;

    @Parameters(arity = "0..*", hidden = true)
    List<String> rest = new ArrayList<>();

    /** The runtime directory, absolute and plain. */
    Path root(boolean superuser, @Nullable String xdgRuntime) {
        Path chosen = root;
        if (chosen == null) {
            chosen = superuser || xdgRuntime == null ? Path.of("/run/slipway") : Path.of(xdgRuntime, "slipway");
        }
        return chosen.toAbsolutePath().normalize();
    }

    /** The launcher, from the option or from where the distribution says it lies. */
    Path launcher() {
        if (launcher != null) {
            return launcher.toAbsolutePath();
        }
        return Path.of(System.getProperty("slipway.launch", "/usr/lib/slipway/slipway-launch"));
    }

    /** The administrator's user id; a number that is none is a misuse. */
    OptionalInt administrator() {
        if (administratorUid == null) {
            return OptionalInt.empty();
        }
        if (administratorUid < 0 || administratorUid >= 0xffffffffL) {
            throw new IllegalArgumentException("not a user id: '" + administratorUid + "'");
        }
        return OptionalInt.of((int) (long) administratorUid);
    }
}
