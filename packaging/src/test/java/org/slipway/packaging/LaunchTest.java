package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** How a program is launched: from what, with what open, with which rights, and what becomes of one that cannot be started. */
final class LaunchTest extends KernelTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOREVER = "while true; do sleep 1; done";

    /** Init at the gate and the keeper run from memory: the file of the distribution is in nobody's reach. */
    @Test
    @Requirement("EXT-LAUNCH-01")
    void theLauncherRunsFromACopyThatNobodyCanWriteTo() throws IOException {
        created("sealed", FOREVER);
        String init = helper.state("sealed").path("pid").asString();
        String parent = parent(init);
        for (String pid : List.of(init, parent)) {
            assertTrue(
                    Files.readSymbolicLink(Path.of("/proc", pid, "exe"))
                            .toString()
                            .startsWith("/memfd:"),
                    () -> pid + " runs from a file");
            // F_ADD_SEALS, F_GET_SEALS, as fcntl(2) has them: shrink, grow, write and the seals themselves
            String seals = Shell.output(
                    "python3",
                    "-c",
                    "import fcntl,os,sys; print(fcntl.fcntl(os.open(sys.argv[1], os.O_RDONLY), 1034) & 15)",
                    "/proc/" + pid + "/exe");
            assertEquals("15", seals.strip(), pid);
        }
        gone("sealed");
    }

    private static String parent(String pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith("PPid:"))
                .map(line -> line.substring("PPid:".length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Requirement("EXT-LAUNCH-02")
    void aProgramHasNothingOfTheLauncherAndNoNamespaceOfTheHost() throws IOException {
        Bundle bundle = bundle(
                        "echo fds $(ls /proc/self/fd); grep -E '^(Groups|Uid|Gid|CapEff|CapPrm):' /proc/self/status; echo end; "
                                + FOREVER)
                .edit(config -> {
                    config.withObject("/process/user").put("uid", 1234).put("gid", 1235);
                    for (String set : List.of("bounding", "effective", "permitted", "inheritable", "ambient")) {
                        config.withObject("/process/capabilities").putArray(set);
                    }
                });
        helper.create("bare", bundle);
        helper.ok("start", "bare");
        Shell.await(
                "it speaks",
                Duration.ofSeconds(20),
                () -> helper.outputOf("bare").contains("end"));
        String said = String.join("\n", helper.outputOf("bare")).replace('\t', ' ');
        assertTrue(said.startsWith("fds 0 1 2 3\n"), said); // 3 is the directory that ls reads
        assertTrue(said.contains("Uid: 1234 1234 1234 1234") && said.contains("Gid: 1235 1235 1235 1235"), said);
        assertTrue(said.lines().anyMatch(line -> line.strip().equals("Groups:")), said);
        assertTrue(said.contains("CapEff: 0000000000000000") && said.contains("CapPrm: 0000000000000000"), said);
        String pid = helper.state("bare").path("pid").asString();
        for (String type : List.of("mnt", "pid", "net", "ipc", "uts")) {
            assertNotEquals(
                    Files.readSymbolicLink(Path.of("/proc/self/ns", type)),
                    Files.readSymbolicLink(Path.of("/proc", pid, "ns", type)),
                    type);
        }
        gone("bare");
        // groups before ids before capabilities, all of them before the program
        JsonNode plans = JSON.readTree(helper.ok("explain", "--bundle", bundle.text(), "--json"))
                .path("plans");
        List<String> order = StreamSupport.stream(plans.spliterator(), false)
                .flatMap(plan -> StreamSupport.stream(plan.path("steps").spliterator(), false))
                .map(step -> step.path("op").isObject()
                        ? step.at("/op/op").asString("")
                        : step.path("op").asString(""))
                .filter(List.of("SetGroups", "SetIds", "SetCapabilities", "LoadSeccompAndExec")::contains)
                .toList();
        assertEquals(
                List.of("SetGroups", "SetIds", "SetCapabilities", "LoadSeccompAndExec"), order, plans::toPrettyString);
    }

    /** Whoever starts the window, or any program of ours, has no rights by it that they had not before. */
    @Test
    @Requirement("EXT-DAEMON-03")
    void noProgramThatIsInstalledGivesRights() throws IOException {
        Path home = Path.of(Helper.program("slipway")).resolveSibling("..").normalize();
        List<Path> programs;
        try (var files = Files.walk(home)) {
            programs = files.filter(Files::isRegularFile).toList();
        }
        assertTrue(programs.stream().anyMatch(file -> file.endsWith("slipway-workbench")), programs::toString);
        for (Path file : programs) {
            assertEquals(0, (int) Files.getAttribute(file, "unix:mode") & 06000, file::toString);
        }
        assertEquals("", Shell.output("getcap", "-r", home.toString()));
    }

    @Test
    @Requirement("EXT-RUN-02")
    void whatCannotBeStartedIsGoneAfterRun() {
        Bundle bundle = bundle("echo never").hook("startContainer", "exit 9", 10);
        var result = helper.slipway("run", "--bundle", bundle.text(), "failing");
        assertNotEquals(0, result.status(), result::toString);
        assertFalse(result.out().contains("never"), result::toString);
        assertFalse(helper.ok("list", "-q").contains("failing"));
        assertFalse(Files.exists(helper.root().resolve("0/failing")));
    }
}
