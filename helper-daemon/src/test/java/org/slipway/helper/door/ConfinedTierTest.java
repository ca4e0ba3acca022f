package org.slipway.helper.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.Confinement.Limit;
import org.slipway.model.plan.Confinement.Range;
import org.slipway.model.test.Requirement;

/** Who may have containers of their own, and what is theirs; against directories that stand for /proc and /etc. */
class ConfinedTierTest {

    @TempDir
    Path directory;

    private ConfinedTier tier(boolean rootless) {
        return new ConfinedTier(ConfinedTier.Settings.USUAL, rootless, directory, new Subordinates(directory));
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The whole table: a verb that is new has to be put here by hand, and argued. */
    @Test
    @Requirement("EXT-DAEMON-01")
    void theConfinedMayAskTheseAndNothingElse() {
        Set<Ask> allowed = Arrays.stream(Ask.values())
                .filter(Tier.CONFINED::allows)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Ask.class)));
        assertEquals(EnumSet.complementOf(EnumSet.of(Ask.SHUTDOWN)), allowed);
        assertEquals(
                List.of(Ask.INFO),
                Arrays.stream(Ask.values()).filter(Tier.PETITIONER::allows).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "user/max_user_namespaces, 0, confined-off-no-namespaces",
        "kernel/unprivileged_userns_clone, 0, confined-off-unprivileged",
        "kernel/apparmor_restrict_unprivileged_userns, 1, confined-off-apparmor"
    })
    void whatTheHostTookFromItsUsersIsNotGivenBack(String path, String off, String code) throws IOException {
        assertEquals(Optional.empty(), tier(false).off(1000));
        write("sys/" + path, (off.equals("0") ? "1" : "0") + "\n");
        assertEquals(Optional.empty(), tier(false).off(1000));
        write("sys/" + path, off + "\n");
        assertEquals(Optional.of(code), tier(false).off(1000));
    }

    @Test
    void rootAndAHelperThatIsNotRootHaveNoSuchTier() throws IOException {
        assertEquals(Optional.of("confined-for-root"), tier(false).off(0));
        assertEquals(Optional.of("confined-needs-root-helper"), tier(true).off(1000));
    }

    @Test
    @Requirement("IDM-06")
    void rangesAreThoseOfTheirNameOrNumberAndNeverHoldRootOrThemselves() throws IOException {
        write("passwd", "root:x:0:0::/:/bin/sh\nann:x:1000:1000::/:/bin/sh\n10:x:1001:1001::/:/bin/sh\n");
        write("subuid", """
                ann:100000:65536
                bob:200000:65536
                1000:300000:10
                10:400000:1
                ann:0:70000
                ann:1:0
                ann:900:200
                ann:5:x
                ann:-5:3
                ann:4294967290:10
                ann
                """);
        write("subgid", "ann:500000:5\nann:999:3\n");
        Subordinates files = new Subordinates(directory);
        assertEquals(List.of(new Range(100_000, 65_536), new Range(300_000, 10)), files.uids(1000));
        assertEquals(List.of(new Range(500_000, 5)), files.gids(1000, 1000));
        assertEquals(List.of(new Range(500_000, 5), new Range(999, 3)), files.gids(1000, 77));
        assertEquals(List.of(), files.uids(1002));
        Files.delete(directory.resolve("subuid"));
        assertEquals(List.of(), files.uids(1000));
    }

    @Test
    void theCallersProcessSaysNiceValueScoreAndLimits() throws IOException {
        write("7/stat", "7 (a) b (c) S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 25 5 1 0 100 0 0\n");
        write("7/oom_score_adj", "200\n");
        write("7/limits", limits("64", "128"));
        write("self/limits", limits("1024", "unlimited"));
        Confinement caller = tier(false).caller(1000, 100, List.of(27, 100, 27), 7);
        assertEquals(5, caller.nice());
        assertEquals(200, caller.oomScore());
        assertEquals(List.of(new Limit(7, 64, 128)), caller.limits());
        assertEquals(List.of(27, 100), caller.groups());
        assertEquals(4096, caller.caps().pids());
    }

    @Test
    void aLimitIsNeverRaisedAndUnlimitedIsTheLargest() throws IOException {
        assertEquals(List.of(), ConfinedTier.lower(limits("unlimited", "unlimited"), limits("1024", "4096")));
        assertEquals(List.of(new Limit(7, 10, 4096)), ConfinedTier.lower(limits("10", "9999"), limits("1024", "4096")));
        assertThrows(IOException.class, () -> ConfinedTier.lower("Limit\n", limits("1", "1")));
    }

    private static String limits(String soft, String hard) {
        StringBuilder text =
                new StringBuilder("Limit                     Soft Limit           Hard Limit           Units\n");
        for (String name : List.of(
                "Max cpu time",
                "Max file size",
                "Max data size",
                "Max stack size",
                "Max core file size",
                "Max resident set",
                "Max processes",
                "Max open files",
                "Max locked memory",
                "Max address space",
                "Max file locks",
                "Max pending signals",
                "Max msgqueue size",
                "Max nice priority",
                "Max realtime priority",
                "Max realtime timeout")) {
            boolean files = name.equals("Max open files");
            text.append("%-26s%-21s%-21sunits%n".formatted(name, files ? soft : "5", files ? hard : "6"));
        }
        return text.toString();
    }
}
