package org.slipway.helper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.model.plan.Capability;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything of {@code process} as a program sees it, on the real kernel. */
class ProcessKernelTest extends ProgramTest {

    @Test
    @Requirement({"USER-01", "USER-02", "USER-03", "PROC-09"})
    void theProgramIsWhoTheConfigurationSays() throws Exception {
        ObjectNode user = bundle.process().putObject("user");
        user.put("uid", 1234).put("gid", 4321).put("umask", 63);
        user.putArray("additionalGids").add(7).add(70000);
        bundle.process().put("noNewPrivileges", true);
        List<String> said = run("cat", "/proc/self/status").lines().toList();
        assertTrue(said.contains("Uid:\t1234\t1234\t1234\t1234"), said::toString);
        assertTrue(said.contains("Gid:\t4321\t4321\t4321\t4321"), said::toString);
        assertTrue(said.stream().anyMatch(line -> line.strip().equals("Groups:\t7 70000")), said::toString);
        assertTrue(said.contains("Umask:\t0077"), said::toString);
        assertTrue(said.contains("NoNewPrivs:\t1"), said::toString);
    }

    @Test
    @Requirement({"USER-02", "USER-04", "PROC-15"})
    void whatIsNotAskedForIsNotThere() throws Exception {
        bundle.process().putObject("user").put("uid", 0).put("gid", 0);
        List<String> said = run("cat", "/proc/self/status").lines().toList();
        assertTrue(said.stream().anyMatch(line -> line.strip().equals("Groups:")), said::toString);
        assertTrue(said.contains("Umask:\t0022"), said::toString);
        assertTrue(said.contains("SigBlk:\t0000000000000000"), said::toString);
        assertTrue(said.contains("SigIgn:\t0000000000000000"), said::toString);
        assertEquals("session 1 of 1\n", probe("session"));
    }

    @Test
    @Requirement("PROC-09")
    void aSetUserIdProgramGainsNothingWithoutNewPrivileges() throws Exception {
        compile();
        sh("chmod", "4755", probe.toString());
        bundle.process().putObject("user").put("uid", 1234).put("gid", 1234);
        bundle.process().put("noNewPrivileges", false);
        assertEquals("effective 0 1234\n", probe("effective"));
        bundle.process().put("noNewPrivileges", true);
        assertEquals("effective 1234 1234\n", probe("effective"));
    }

    @Test
    @Requirement({"PROC-10", "PROC-11"})
    void theOutOfMemoryScoreIsTheConfiguredOneOrTheHelpers() throws Exception {
        bundle.process().remove("oomScoreAdj");
        assertEquals(Files.readString(Path.of("/proc/self/oom_score_adj")), run("cat", "/proc/self/oom_score_adj"));
        bundle.process().put("oomScoreAdj", 789);
        assertEquals("789\n", run("cat", "/proc/self/oom_score_adj"));
    }

    @Test
    @Requirement("PROC-05")
    void theEnvironmentIsTheConfiguredOneInItsOrderAndHome() throws Exception {
        Files.writeString(
                bundle.path.resolve("rootfs/etc/passwd"), "other:x:1:1::/x:\nme:x:1234:1::/home/me:/bin/sh\n");
        bundle.process().putObject("user").put("uid", 1234).put("gid", 1);
        environment("Z=1", "PATH=/bin", "A=b=c", "EMPTY=");
        assertEquals(
                "Z=1\0PATH=/bin\0A=b=c\0EMPTY=\0HOME=/home/me\0",
                run("cat", "/proc/self/environ").strip());
        environment("HOME=/mine", "PATH=/bin");
        assertEquals("HOME=/mine\0PATH=/bin\0", run("cat", "/proc/self/environ").strip());
    }

    @Test
    @Requirement({"PROC-04", "PROC-02"})
    void theProgramStartsInItsDirectoryAndIsLookedUpAsExecvpDoes() throws Exception {
        Path tools = Files.createDirectories(bundle.path.resolve("rootfs/opt/tools"));
        Files.writeString(tools.resolve("where"), "#!/bin/sh\npwd; echo $0\n");
        sh("chmod", "755", tools.resolve("where").toString());
        environment("PATH=/nowhere:/bin:/opt/tools");
        bundle.process().put("cwd", "/opt");
        assertEquals("/opt\n/opt/tools/where\n", run("where"));
        assertEquals("/opt\ntools/where\n", run("tools/where"));
        environment("PATH=tools");
        assertEquals("/opt\ntools/where\n", run("where"));
        bundle.process().put("cwd", "/made/here");
        environment("PATH=/bin");
        assertEquals("/made/here\n", run("sh", "-c", "pwd"));
    }

    @Test
    @Requirement({"PROC-06", "PROC-08"})
    void aTerminalIsTheProgramsOwnAndHasItsSize() throws Exception {
        bundle.process()
                .put("terminal", true)
                .putObject("consoleSize")
                .put("height", 41)
                .put("width", 132);
        bundle.args("sh", "-c", "tty; busybox stty size; echo hi >/dev/tty; echo $(ls /proc/self/fd | wc -l)");
        create(new Streams.Terminal());
        assertEquals("/dev/pts/0\n41 132\nhi\n4\n", finish().replace("\r", ""));
    }

    @Test
    @Requirement({"PROC-07", "PROC-08"})
    void withoutATerminalTheStreamsAreTheCallers() throws Exception {
        bundle.process().putObject("consoleSize").put("height", 41).put("width", 132);
        Path in = Files.writeString(temp.resolve("in"), "from outside\n");
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        bundle.args("sh", "-c", "cat; echo wrong >&2; test -t 0 || echo no terminal");
        try (Fd input = Descriptors.open(in.toString(), Descriptors.O_RDONLY, 0);
                Fd output = Descriptors.open(Files.writeString(out, "").toString(), Descriptors.O_RDWR, 0);
                Fd error = Descriptors.open(Files.writeString(err, "").toString(), Descriptors.O_RDWR, 0)) {
            create(new Streams.Inherit(input, output, error));
            engine.start(ROOT, NAME);
            assertEquals(0, engine.awaitExit(ROOT, NAME).status());
            engine.delete(ROOT, NAME, true);
        }
        assertEquals("from outside\nno terminal\n", Files.readString(out));
        assertEquals("wrong\n", Files.readString(err));
    }

    @Test
    @Requirement({"RLIM-01", "RLIM-03"})
    void everyLimitIsExactlyTheConfiguredOne() throws Exception {
        List<String> names = List.of(
                "CPU",
                "FSIZE",
                "DATA",
                "STACK",
                "CORE",
                "RSS",
                "NPROC",
                "NOFILE",
                "MEMLOCK",
                "AS",
                "LOCKS",
                "SIGPENDING",
                "MSGQUEUE",
                "NICE",
                "RTPRIO",
                "RTTIME");
        List<long[]> own = limits(Files.readAllLines(Path.of("/proc/self/limits")));
        ArrayNode limits = bundle.process().putArray("rlimits");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            // the hard one is what this process has, since raising needs a right that not every machine's root has
            long hard = own.get(i)[1];
            long soft = hard == -1 || hard > 1 << 30 ? (1 << 30) + i : hard;
            limits.addObject()
                    .put("type", "RLIMIT_" + names.get(i))
                    .put("soft", new java.math.BigInteger(Long.toUnsignedString(soft)))
                    .put("hard", new java.math.BigInteger(Long.toUnsignedString(hard)));
            expected.add("limit " + i + " " + Long.toUnsignedString(soft) + " " + Long.toUnsignedString(hard));
        }
        assertEquals(String.join("\n", expected) + "\n", probe("limits"));
    }

    @Test
    @Requirement({"CAP-01", "CAP-02", "CAP-03", "CAP-04"})
    void allFiveSetsAreTheConfiguredOnesAsFarAsThisHostGrantsThem() throws Exception {
        ObjectNode sets = bundle.process().putObject("capabilities");
        for (String set : List.of("bounding", "permitted", "inheritable")) {
            ArrayNode names = sets.putArray(set);
            Capability.NAMES.forEach(names::add);
            names.add("CAP_OF_TOMORROW");
        }
        sets.putArray("effective").add("CAP_KILL").add("CAP_SYS_ADMIN");
        sets.putArray("ambient").add("CAP_KILL").add("CAP_CHOWN");
        bundle.process().putObject("user").put("uid", 1234).put("gid", 1234);
        List<String> said = run("cat", "/proc/self/status").lines().toList();
        long grantable = engine.facts().security().grantable() & ((1L << 41) - 1);
        assertTrue(said.contains("CapBnd:\t%016x".formatted(grantable)), said::toString);
        assertTrue(said.contains("CapInh:\t%016x".formatted(grantable)), said::toString);
        // an ambient set makes both of these of a program that is no root's: capabilities(7)
        assertTrue(said.contains("CapPrm:\t0000000000000021"), said::toString);
        assertTrue(said.contains("CapEff:\t0000000000000021"), said::toString);
        assertTrue(said.contains("CapAmb:\t0000000000000021"), said::toString);
        List<String> told = doubts.stream()
                .map(doubt -> doubt.code() + " " + doubt.pointer() + " "
                        + doubt.arguments().get("capability"))
                .filter(text -> text.contains("/bounding/"))
                .toList();
        List<String> expected = new ArrayList<>();
        expected.add("capability-unknown /process/capabilities/bounding/41 CAP_OF_TOMORROW");
        for (int i = 0; i < Capability.NAMES.size(); i++) {
            if ((grantable >> i & 1) == 0) {
                expected.add(
                        "capability-not-grantable /process/capabilities/bounding/" + i + " " + Capability.NAMES.get(i));
            }
        }
        assertEquals(expected, told);
    }

    @Test
    @Requirement({"CAP-05", "CAP-06"})
    void withoutCapabilitiesEvenRootHasNoneAndAnUnusableAmbientOneIsLeftOut() throws Exception {
        bundle.process().remove("capabilities");
        String none = run("cat", "/proc/self/status")
                .lines()
                .filter(line -> line.startsWith("Cap"))
                .collect(Collectors.joining(" "));
        assertEquals(
                "CapInh:\t0000000000000000 CapPrm:\t0000000000000000 CapEff:\t0000000000000000"
                        + " CapBnd:\t0000000000000000 CapAmb:\t0000000000000000",
                none);
        ObjectNode sets = bundle.process().putObject("capabilities");
        sets.putArray("bounding").add("CAP_KILL");
        sets.putArray("permitted").add("CAP_KILL");
        sets.putArray("ambient").add("CAP_KILL");
        assertTrue(run("cat", "/proc/self/status").contains("CapAmb:\t0000000000000000"));
        assertEquals(
                List.of("capability-ambient-unusable"),
                doubts.stream().map(doubt -> doubt.code()).toList());
    }

    @Test
    @Requirement({"SCHED-02", "SCHED-04", "SCHED-05", "SCHED-06"})
    void schedulingAndIoPriorityReachTheProgram() throws Exception {
        ObjectNode scheduler = bundle.process()
                .putObject("scheduler")
                .put("policy", "SCHED_BATCH")
                .put("nice", 9);
        scheduler.putArray("flags").add("SCHED_FLAG_RESET_ON_FORK");
        bundle.process().putObject("ioPriority").put("class", "IOPRIO_CLASS_BE").put("priority", 3);
        String said = probe("scheduler", "io");
        // newer kernels have a runtime for this policy too: the length of a slice
        assertTrue(
                said.matches(
                        "scheduler policy 3 flags 1 nice 9 priority 0 runtime \\d+ deadline 0 period 0\nio 4003\n"),
                said);
    }

    @Test
    @Requirement({"SCHED-01", "SCHED-07"})
    void aPolicyThatTheKernelLacksIsItsErrorAndAffinityOfOthersIsNoAffinityOfOurs() throws Exception {
        bundle.process().putObject("scheduler").put("policy", "SCHED_ISO");
        assertFails("step-failed", "/process/scheduler", "EINVAL");
        bundle.process().remove("scheduler");
        bundle.process().putObject("execCPUAffinity").put("initial", "0").put("final", "0");
        String own = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list"))
                .findFirst()
                .orElseThrow();
        assertTrue(run("cat", "/proc/self/status").contains(own));
    }

    @Test
    @Requirement({"MPOL-04", "MPOL-01", "PATH-07"})
    void memoryPolicyAndPersonalityReachTheProgram() throws Exception {
        bundle.linux().putObject("personality").put("domain", "LINUX32");
        assertNotEquals("machine " + engine.facts().arch() + "\n", probe("machine"));
        bundle.linux().putObject("personality").put("domain", "LINUX");
        assertEquals("machine " + engine.facts().arch() + "\n", probe("machine"));
        if (probe("memory").contains("not implemented")) {
            bundle.linux().putObject("memoryPolicy").put("mode", "MPOL_BIND").put("nodes", "0");
            assertFails("memory-policy-missing", "/linux/memoryPolicy", "ENOSYS");
            return;
        }
        ObjectNode policy = bundle.linux()
                .putObject("memoryPolicy")
                .put("mode", "MPOL_BIND")
                .put("nodes", "0");
        policy.putArray("flags").add("MPOL_F_STATIC_NODES");
        assertEquals("memory mode " + (2 | 1 << 15) + " nodes 1\n", probe("memory"));
        policy.put("nodes", "1000");
        assertFails("memory-nodes-missing", "/linux/memoryPolicy", "EINVAL");
    }

    @Test
    @Requirement({"HOST-01", "HOST-02"})
    void namesAreTheContainersAndTheHostsStay() throws Exception {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname"));
        String domain = Files.readString(Path.of("/proc/sys/kernel/domainname"));
        bundle.config.put("hostname", "inside.example").put("domainname", "nis.example");
        assertEquals(
                "inside.example\nnis.example\n",
                run("cat", "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname"));
        assertEquals(host, Files.readString(Path.of("/proc/sys/kernel/hostname")));
        assertEquals(domain, Files.readString(Path.of("/proc/sys/kernel/domainname")));
    }

    @Test
    @Requirement({"TIME-01"})
    void clocksAreShiftedAsConfigured() throws Exception {
        bundle.linux().withArray("namespaces").addObject().put("type", "time");
        ObjectNode offsets = bundle.linux().putObject("timeOffsets");
        offsets.putObject("boottime").put("secs", 7_000_000);
        offsets.putObject("monotonic").put("secs", 3_000_000).put("nanosecs", 5);
        long before = uptime();
        List<String> said = probe("clocks").lines().toList();
        long after = uptime();
        long boottime = seconds(said, "boottime") - 7_000_000;
        assertTrue(before <= boottime && boottime <= after, said::toString);
        // the monotonic clock stands still while the machine sleeps, the other one goes on
        long monotonic = seconds(said, "monotonic") - 3_000_000;
        assertTrue(monotonic <= after && monotonic > after - 3_000_000, said::toString);
        long now = System.currentTimeMillis() / 1000;
        assertTrue(Math.abs(now - seconds(said, "realtime")) < 600, said::toString);
        bundle.linux().remove("timeOffsets");
        assertTrue(Math.abs(seconds(probe("clocks").lines().toList(), "boottime") - uptime()) < 600);
    }

    private static long uptime() throws Exception {
        return (long)
                Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0]);
    }

    private static long seconds(List<String> lines, String clock) {
        return lines.stream()
                .filter(line -> line.startsWith(clock + " "))
                .mapToLong(line -> Long.parseLong(line.substring(clock.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** Soft and hard of each limit by its number, from a file such as /proc/self/limits; unlimited is -1. */
    private static List<long[]> limits(List<String> lines) {
        List<String> titles = List.of(
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
                "Max realtime timeout");
        return titles.stream()
                .map(title -> lines.stream()
                        .filter(line -> line.startsWith(title + " "))
                        .map(line -> Arrays.stream(
                                        line.substring(title.length()).strip().split(" +", -1))
                                .limit(2)
                                .mapToLong(word -> word.equals("unlimited") ? -1 : Long.parseLong(word))
                                .toArray())
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    @Test
    @Requirement({"USER-05", "PROC-01"})
    void anUnmappedIdIsRefusedAndWithoutAProcessThereIsNothingToStart() throws Exception {
        ArrayNode namespaces = bundle.linux().withArray("namespaces");
        namespaces.addObject().put("type", "user");
        for (String map : List.of("uidMappings", "gidMappings")) {
            bundle.linux()
                    .putArray(map)
                    .addObject()
                    .put("containerID", 0)
                    .put("hostID", 100000)
                    .put("size", 10);
        }
        bundle.process().putObject("user").put("uid", 10).put("gid", 0);
        assertRefused("id-not-mapped", "/process/user/uid");
        bundle.process()
                .putObject("user")
                .put("uid", 0)
                .put("gid", 0)
                .putArray("additionalGids")
                .add(11);
        assertRefused("id-not-mapped", "/process/user/additionalGids/0");
        namespaces.remove(namespaces.size() - 1);
        bundle.linux().remove("uidMappings");
        bundle.linux().remove("gidMappings");
        bundle.config.remove("process");
        create(new Streams.None());
        assertEquals("no-process", refused(() -> engine.start(ROOT, NAME)).code());
        engine.delete(ROOT, NAME, true);
        assertFalse(Files.exists(state.resolve("0").resolve(NAME.id().value())));
    }

    private static void sh(String... command) throws Exception {
        java.lang.Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
