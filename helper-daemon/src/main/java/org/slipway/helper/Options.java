package org.slipway.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.door.ConfinedTier;
import org.slipway.model.plan.Confinement;
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

    @Option(
            names = "--user-containers",
            paramLabel = "COUNT",
            description = "How many containers one person may have on user.sock; default: 64.")
    int userContainers = ConfinedTier.Settings.USUAL.containers();

    @Option(
            names = "--user-pids",
            paramLabel = "COUNT",
            description = "How many processes all of them may have together; 0: no limit; default: 4096.")
    long userPids = ConfinedTier.Settings.USUAL.caps().pids();

    @Option(
            names = "--user-memory",
            paramLabel = "BYTES",
            description = "How much memory all of them may use together; default: 0, no limit.")
    long userMemory = ConfinedTier.Settings.USUAL.caps().memory();

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

    /** What one person may have on the users' socket. */
    ConfinedTier.Settings perPerson() {
        if (userContainers < 0 || userPids < 0 || userMemory < 0) {
            throw new IllegalArgumentException("a limit is a number from 0 on");
        }
        return new ConfinedTier.Settings(userContainers, new Confinement.Caps(userPids, userMemory));
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
