package org.slipway.helper.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.slipway.helper.command.Sentences;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.test.Requirement;

/** Programs that can't be executed: each is told by its own sentence, as early as it is certain, and nothing is left. */
class TrapKernelTest extends ProgramTest {

    @Test
    @Requirement({"PROC-03", "PROC-02"})
    void whatIsNotThereOrNotExecutableIsFoundInCreate() throws Exception {
        assertTrap(PlanKind.CREATE, "program-missing", "executable file not found", "nosuch");
        assertTrap(PlanKind.CREATE, "program-missing", "executable file not found", "/no/such");
        file("plain", "#!/bin/sh\n", "rw-r--r--");
        assertTrap(PlanKind.CREATE, "program-not-executable", "permission denied", "/bin/plain");
        assertTrap(PlanKind.CREATE, "program-not-executable", "permission denied", "/bin");
        assertTrap(PlanKind.CREATE, "program-not-split", "executable file not found", "sh -c ls");
        environment("PATH=/sbin");
        assertTrap(PlanKind.CREATE, "program-missing", "executable file not found", "sh");
    }

    @Test
    @Requirement("PROC-03")
    void theTrapsOfScriptsAreFoundInCreate() throws Exception {
        file("python", "#!/usr/bin/python3\n", "rwxr-xr-x");
        assertTrap(
                PlanKind.CREATE,
                "program-interpreter-missing",
                "'/bin/python' can't be executed: its interpreter '/usr/bin/python3' is not there: no such file or directory",
                "/bin/python");
        file("windows", "#!/bin/sh\r\necho\r\n", "rwxr-xr-x");
        assertTrap(
                PlanKind.CREATE,
                "program-carriage-return",
                "'windows' can't be executed: its first line names '/bin/sh' and ends with a carriage return",
                "windows");
        file("good", "#!/bin/sh\necho fine\n", "rwxr-xr-x");
        assertEquals("fine\n", run("good"));
    }

    @Test
    @Requirement("PROC-03")
    void aProgramWhoseLoaderIsNotThereIsFoundInCreate() throws Exception {
        // any dynamic program of this machine: the root filesystem has no C library
        Path program = Path.of("/usr/bin/env").toRealPath();
        Files.copy(program, bundle.path.resolve("rootfs/bin/dynamic"));
        mode("dynamic", "rwxr-xr-x");
        Failure failure =
                assertTrap(PlanKind.CREATE, "program-loader-missing", "its dynamic loader '/lib", "/bin/dynamic");
        assertTrue(failure.arguments().getOrDefault("text", "").contains("ld"), failure::toString);
    }

    @Test
    @Requirement("PROC-03")
    void whatTheKernelAloneCanRefuseIsExplainedInStart() throws Exception {
        file("text", "echo no first line\n", "rwxr-xr-x");
        assertTrap(PlanKind.START, "program-without-format", "exec format error", "/bin/text");
        byte[] foreign = Files.readAllBytes(bundle.path.resolve("rootfs/bin/busybox"));
        foreign[18] = (byte) 243;
        foreign[19] = 0;
        Files.write(bundle.path.resolve("rootfs/bin/foreign"), foreign);
        mode("foreign", "rwxr-xr-x");
        assertTrap(PlanKind.START, "program-other-machine", "it is built for riscv: exec format error", "foreign");
    }

    @Test
    @Requirement("PROC-03")
    void anEmptyRootIsSaidToBeOneAlsoTheSecondTime() throws Exception {
        Path rootfs = Files.createDirectories(bundle.path.resolve("empty"));
        ((tools.jackson.databind.node.ObjectNode) bundle.config.get("root")).put("path", "empty");
        for (int i = 0; i < 2; i++) {
            bundle.args("sh");
            Failure failure = assertFails("rootfs-empty", "/root/path", "ENOENT");
            assertTrue(Sentences.of(failure).contains("the root filesystem is empty"), Sentences.of(failure));
        }
        assertTrue(Files.exists(rootfs.resolve("proc")), "what create made for its mounts stays, as with the peers");
    }

    @Test
    @Requirement("PROC-06")
    void aTerminalNeedsSomeoneToHoldIt() throws Exception {
        bundle.process().put("terminal", true);
        Failure failure;
        try (Fd empty = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            failure = refused(() -> create(new Streams.Inherit(empty, empty, empty)));
        }
        assertEquals(
                "terminal-needs-holder /process/terminal",
                failure.findings().getFirst().code() + " "
                        + failure.findings().getFirst().pointer());
    }

    @Test
    @Requirement("RLIM-05")
    void aHardLimitThatMayNotBeRaisedIsAnErrorOfItsEntry() throws Exception {
        // more than fs.nr_open, which no right helps against
        bundle.process()
                .putArray("rlimits")
                .addObject()
                .put("type", "RLIMIT_NOFILE")
                .put("soft", 1)
                .put("hard", 1L << 40);
        bundle.args("true");
        Failure failure = assertFails("rlimit-not-raisable", "/process/rlimits/0", "EPERM");
        assertTrue(
                Sentences.of(failure).contains("the hard limit RLIMIT_NOFILE may not be raised"),
                Sentences.of(failure));
    }

    private void file(String name, String text, String mode) throws Exception {
        Files.write(bundle.path.resolve("rootfs/bin/" + name), text.getBytes(UTF_8));
        mode(name, mode);
    }

    private void mode(String name, String mode) throws Exception {
        Files.setPosixFilePermissions(bundle.path.resolve("rootfs/bin/" + name), PosixFilePermissions.fromString(mode));
    }

    private Failure assertTrap(PlanKind when, String code, String words, String program) {
        bundle.args(program);
        Failure failure = refused(() -> {
            create(new Streams.Log());
            engine.start(ROOT, NAME);
        });
        assertEquals(code, failure.code(), failure::toString);
        assertEquals(when, failure.at().orElseThrow().plan());
        String sentence = Sentences.of(failure);
        assertTrue(sentence.contains(words) && sentence.contains("/process/args"), sentence);
        assertEquals(
                "container-unknown", refused(() -> engine.state(ROOT, NAME)).code());
        return failure;
    }
}
