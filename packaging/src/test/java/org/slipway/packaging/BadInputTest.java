package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;

/** Bad input gets one clear sentence that names the field or path, a status that is not 0, and leaves nothing behind. */
final class BadInputTest extends KernelTest {
    @AfterEach
    void helperIsAlive() {
        assertTrue(helper.alive(), helper::said);
    }

    @Test
    @Requirement({"BUN-01", "ERR-01"})
    void noConfiguration() throws Exception {
        var bundle = bundle("true");
        Files.delete(bundle.config());
        assertOneSentence(create(bundle, "none"), "config.json");
    }

    @Test
    @Requirement({"CFG-01"})
    void brokenJsonIsPointedAt() throws Exception {
        var bundle = bundle("true");
        Files.writeString(bundle.config(), "{\n  \"ociVersion\": \"1.0.2\",\n  \"root\": {,\n}");
        var result = create(bundle, "broken");
        assertOneSentence(result, "config.json");
        assertTrue(result.err().contains("3"), () -> "names line 3: " + result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "start", "kill", "delete"})
    @Requirement({"OPS-STATE-02", "OPS-DELETE-07", "CLI-G-10"})
    void unknownId(String operation) {
        var result = helper.slipway(operation, "nobody");
        assertOneSentence(result, "nobody");
        assertTrue(result.err().contains("does not exist"), result::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "ü", "a b", "../../etc"})
    @Requirement("OPS-CREATE-04")
    void invalidId(String id) {
        var result = helper.slipway("create", "--bundle", bundle("true").text(), id);
        assertEquals(1, result.status(), result::toString);
        assertEquals(1, result.complaints().size(), result::err);
    }

    @Test
    @Requirement("OPS-CREATE-02")
    void idTaken() {
        var bundle = created("taken", "true");
        assertOneSentence(create(bundle, "taken"), "taken");
        assertEquals("created", helper.status("taken"));
        gone("taken");
    }

    @Test
    void bundleThatIsNotADirectory() throws Exception {
        var file = Files.writeString(work.resolve("file"), "");
        assertOneSentence(helper.slipway("create", "--bundle", file.toString(), "flat"), file.toString());
    }

    @Test
    void bundleThatIsNotThere() {
        assertOneSentence(helper.slipway("create", "--bundle", "/nonexistent/bundle", "lost"), "/nonexistent/bundle");
    }

    @Test
    @Requirement({"ROOT-03", "ERR-01"})
    void rootFilesystemMissing() {
        var bundle = bundle("true").edit(config -> config.withObject("/root").put("path", "no-such-root"));
        assertOneSentence(create(bundle, "rootless"), "no-such-root");
    }

    @Test
    @Requirement({"CLI-G-10", "ERR-01"})
    void programMissing() {
        assertOneSentence(create(bundle("true").args("/bin/no-such-program"), "idle"), "/bin/no-such-program");
    }

    @Test
    @Requirement("CLI-G-10")
    void programNotOnPath() {
        var result = create(bundle("true").args("no-such-program"), "idle");
        assertOneSentence(result, "no-such-program");
        assertTrue(result.err().contains("executable file not found in $PATH"), result::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createRuntime", "createContainer"})
    @Requirement({"ERR-01", "HOOK-18"})
    void hookMissingAtCreate(String kind) {
        assertOneSentence(
                create(bundle("true").hookPath(kind, "/nonexistent/hook", 5), "hookless"), "/nonexistent/hook");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createRuntime", "createContainer"})
    @Requirement({"ERR-01", "HOOK-18"})
    void hookFailsAtCreate(String kind) {
        var result = create(bundle("true").hook(kind, "echo broken >&2; exit 9", 5), "hooked");
        assertOneSentence(result, kind);
        assertTrue(result.err().contains("9"), () -> "names the status: " + result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createContainer"})
    @Requirement({"ERR-01", "HOOK-07"})
    void hookHangsAtCreateAndIsKilledAtItsTimeout(String kind) {
        long begun = System.nanoTime();
        assertOneSentence(create(bundle("true").hook(kind, "sleep 600 & sleep 600", 1), "hanging"), kind);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(
                took.toMillis() >= 1000 && took.compareTo(Shell.patient(Duration.ofSeconds(15))) < 0, took::toString);
    }

    @Test
    @Requirement("HOOK-20")
    void hookFailsAtStartAndTheProgramNeverRuns() throws Exception {
        var notes = work.resolve("after-failed-start");
        var bundle = bundle("echo ran > /dev/shm/ran; sleep 100")
                .hook("startContainer", "exit 9", 5)
                .hook("poststop", "echo stopped > " + notes, 5);
        helper.create("halted", bundle);
        assertOneSentence(helper.slipway("start", "halted"), "startContainer");
        assertOneSentence(helper.slipway("state", "halted"), "halted");
        assertEquals("stopped\n", Files.readString(notes));
    }

    @Test
    @Requirement("HOOK-22")
    void hookThatFailsAtDeleteIsAWarning() {
        var bundle = bundle("true").hook("poststop", "exit 9", 5);
        helper.create("warned", bundle);
        helper.ok("start", "warned");
        helper.awaitStatus("warned", "stopped");
        helper.ok("delete", "warned");
    }

    @Test
    void unknownSignal() {
        created("deaf", "true");
        assertOneSentence(helper.slipway("kill", "deaf", "SIGNOTHING"), "SIGNOTHING");
        assertEquals("created", helper.status("deaf"));
        gone("deaf");
    }

    @Test
    @Requirement("CLI-G-13")
    void unknownOptionHasNoEffect() {
        var result = helper.slipway(
                "create", "--nonsense", "--bundle", bundle("true").text(), "odd");
        assertNotEquals(0, result.status());
        assertEquals("", result.out());
        assertTrue(result.err().contains("--nonsense"), result::err);
    }

    private Shell.Result create(Bundle bundle, String id) {
        var result = helper.slipway("create", "--bundle", bundle.text(), id);
        assertEquals(id.equals("taken"), Files.exists(helper.record(id)), "nothing is left of '" + id + "'");
        return result;
    }

    private static void assertOneSentence(Shell.Result result, String named) {
        assertEquals(1, result.status(), result::toString);
        assertEquals("", result.out());
        assertEquals(1, result.complaints().size(), result::err);
        assertTrue(result.err().contains(named), () -> "names '" + named + "': " + result.err());
        assertFalse(result.err().contains("Exception"), result::err);
    }
}
