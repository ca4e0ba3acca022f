package org.slipway.helper.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.model.test.Requirement;

/** Whoever runs the test is the peer. */
class AdmissionTest {

    private static final Path PROC = Path.of("/proc");

    @TempDir
    Path directory;

    private Path groups;
    private Fd[] pair;

    @BeforeEach
    void open() throws Exception {
        groups = Files.writeString(directory.resolve("group"), "root:x:0:\n");
        pair = Sockets.pair(Sockets.SOCK_STREAM);
    }

    @AfterEach
    void close() {
        pair[0].close();
        pair[1].close();
    }

    private static final ConfinedTier TIER = new ConfinedTier(ConfinedTier.Settings.USUAL, false);

    private Peer admit(OptionalInt administrator, Path proc, boolean confined) throws Refused {
        return new Admission(administrator, TIER, groups, proc).admit(pair[0], confined);
    }

    @Test
    void identityComesFromTheKernel() throws Exception {
        try (Peer peer = admit(OptionalInt.of(Processes.uid()), PROC, false)) {
            assertEquals(Processes.uid(), peer.uid());
            assertEquals(ProcessHandle.current().pid(), peer.pid());
            assertTrue(peer.groups().contains(peer.gid()));
            assertTrue(peer.pidfd().isOpen());
            assertEquals(Tier.ADMINISTRATOR, peer.tier());
        }
    }

    @Test
    void theUsersDoorMakesEveryoneConfined() throws Exception {
        try (Peer peer = admit(OptionalInt.of(Processes.uid()), PROC, true)) {
            assertEquals(Tier.CONFINED, peer.tier());
        }
    }

    @Test
    void whoCannotBeLookedUpIsRefused() throws Exception {
        var refused = assertThrows(Refused.class, () -> admit(OptionalInt.empty(), directory, false));
        assertEquals("peer-unknown", refused.code());
    }

    private static String status(long uid, int noNewPrivs, int filters) {
        return "Name:\tx\nUid:\t%d\t%d\t%d\t%d\nNoNewPrivs:\t%d\nSeccomp:\t%d\nSeccomp_filters:\t%d\n"
                .formatted(uid, uid, uid, uid, noNewPrivs, filters > 0 ? 2 : 0, filters);
    }

    /** A procfs in which the peer's user namespace, or its root directory, is another than ours. */
    private Path procfs(boolean otherNamespace, String root) throws IOException {
        return procfs(otherNamespace, root, status(Processes.uid(), 0, 0), status(0, 0, 0));
    }

    private Path procfs(boolean otherNamespace, String root, String theirs, String ours) throws IOException {
        long pid = ProcessHandle.current().pid();
        Path proc = directory.resolve("proc");
        for (String who : new String[] {"self", "" + pid}) {
            Path ns = Files.createDirectories(proc.resolve(who + "/ns"));
            for (String type : new String[] {"user", "mnt", "pid"}) {
                boolean other = otherNamespace && type.equals("user") && !who.equals("self");
                Files.createSymbolicLink(ns.resolve(type), Path.of(type + (other ? ":[2]" : ":[1]")));
            }
            Files.writeString(proc.resolve(who + "/status"), who.equals("self") ? ours : theirs);
        }
        Files.createSymbolicLink(proc.resolve(pid + "/root"), Path.of(root));
        Files.createSymbolicLink(proc.resolve("self/fdinfo"), Path.of("/proc/self/fdinfo"));
        return proc;
    }

    @Test
    @Requirement("EXT-DAEMON-01")
    void aPeerInAnotherNamespaceIsRefused() throws Exception {
        Path proc = procfs(true, "/");
        var refused = assertThrows(Refused.class, () -> admit(OptionalInt.empty(), proc, true));
        assertEquals("peer-in-other-namespace", refused.code());
    }

    private String refusal(String theirs, String ours, boolean users) throws Exception {
        Path proc = procfs(false, "/", theirs, ours);
        try {
            admit(OptionalInt.empty(), proc, users).close();
            return "";
        } catch (Refused e) {
            return e.code();
        } finally {
            try (var files = Files.walk(directory.resolve("proc"))) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void aPeerThatGaveUpPrivilegesDoesNotGetThemByAsking() throws Exception {
        int uid = Processes.uid();
        String free = status(uid, 0, 0);
        assertEquals("", refusal(free, free, true));
        assertEquals("peer-in-sandbox", refusal(status(uid, 1, 0), free, true));
        assertEquals("peer-in-sandbox", refusal(status(uid, 0, 1), free, true));
        assertEquals("peer-in-sandbox", refusal(status(uid, 1, 3), status(uid, 1, 2), true));
        // what holds the helper too, as in a container, is no sandbox of the peer's
        assertEquals("", refusal(status(uid, 1, 2), status(uid, 1, 2), true));
        // before Linux 5.9 nobody counts the filters
        String old = status(uid, 0, 2).replaceAll("Seccomp_filters.*\n", "");
        assertEquals("peer-in-sandbox", refusal(old, free, true));
        assertEquals("", refusal(old, old, true));
        // root has nothing to gain from a helper that obeys it
        assertEquals(uid == 0 ? "" : "peer-in-sandbox", refusal(status(uid, 1, 1), free, false));
        assertEquals("peer-unknown", refusal("Uid:\t0\n", free, true));
    }

    @Test
    void whoBecameSomebodyElseSinceIsNotServedAsConfined() throws Exception {
        long uid = Integer.toUnsignedLong(Processes.uid());
        String free = status(uid, 0, 0);
        String changed = free.replaceFirst("Uid:\t\\d+\t\\d+", "Uid:\t" + uid + "\t" + (uid + 1));
        assertEquals("peer-changed", refusal(changed, free, true));
        assertEquals("", refusal(changed, free, false));
    }

    @Test
    void aPeerInAChrootIsRefused() throws Exception {
        Path proc = procfs(false, "/srv/jail");
        assertEquals(
                "peer-elsewhere",
                assertThrows(Refused.class, () -> admit(OptionalInt.empty(), proc, true))
                        .code());
    }

    @Test
    void aGroupWithoutANumberRefusesRatherThanGuesses() throws Exception {
        Files.writeString(groups, "slipway-admin:x:many:\n");
        var admission = new Admission(OptionalInt.empty(), TIER, groups, PROC);
        assertThrows(IOException.class, () -> admission.tier(1000, List.of(1000)));
        Files.delete(groups);
        assertThrows(IOException.class, () -> admission.tier(1000, List.of(1000)));
    }

    @Test
    void membershipOfTheGroupMakesAnAdministrator() {
        assertEquals(Tier.ADMINISTRATOR, tier(1000, "slipway-admin:x:500:\n", 500));
        assertEquals(Tier.PETITIONER, tier(1000, "slipway-admin:x:501:\n", 500));
        assertEquals(Tier.PETITIONER, tier(1000, "slipway-admins:x:500:\n", 500));
        assertEquals(Tier.PETITIONER, tier(1000, "", 0));
        assertEquals(Tier.ADMINISTRATOR, tier(0, "", 77));
        assertEquals(Tier.ADMINISTRATOR, tier(4294967294L, "slipway-admin:x:4294967293:\n", -3));
    }

    private Tier tier(long uid, String groupFile, int group) {
        try {
            Files.writeString(groups, groupFile);
            return new Admission(OptionalInt.empty(), TIER, groups, PROC).tier((int) uid, List.of(group));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
