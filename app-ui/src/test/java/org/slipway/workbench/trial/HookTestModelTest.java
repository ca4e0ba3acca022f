package org.slipway.workbench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.trial.HookTestModel.Shown;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class HookTestModelTest {

    @TempDir
    private Path folder;

    private Session session;

    @BeforeEach
    void open() throws IOException {
        session = Bundles.open(folder, Bundles.SMALL);
    }

    private Path script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("hook.sh"), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private HookTestModel hook(String kind, String hook) throws IOException {
        JsonNode value = new JsonMapper().readTree("[" + hook + "]");
        session.edit(
                new Edit.Set("/hooks", JsonNodeFactory.instance.objectNode().set(kind, value)));
        return new HookTestModel(session, "/hooks/" + kind + "/0");
    }

    private Shown.Ended ended(HookTestModel model) {
        model.test();
        return assertInstanceOf(Shown.Ended.class, model.shown().get());
    }

    @Test
    void argumentsEnvironmentFolderAndStateAreTheHooksOwn() throws IOException {
        Path script = script("""
                #!/bin/sh
                echo "$# $1 $2|$ONLY|${HOME-no home}|$PWD"
                cat
                echo trouble >&2
                exit 3
                """);
        HookTestModel model = hook(
                "poststart",
                "{\"path\":\"" + script + "\",\"args\":[\"name\",\"a b\",\"$x\"],\"env\":[\"ONLY=this one\"]}");
        Shown.Ended ended = ended(model);
        String[] lines = ended.output().split("\n", 2);
        assertEquals("2 a b $x|this one|no home|" + folder.toRealPath(), lines[0]);
        JsonNode state = new JsonMapper().readTree(lines[1]);
        assertEquals("running", state.path("status").asString());
        assertEquals("1.3.0", state.path("ociVersion").asString());
        assertEquals(folder.toString(), state.path("bundle").asString());
        assertEquals(ProcessHandle.current().pid(), state.path("pid").asLong());
        assertEquals("trouble\n", ended.errors());
        assertFalse(ended.good());
        assertTrue(ended.how().contains("3"), ended.how());
        assertFalse(ended.time().isEmpty());
    }

    @Test
    void eachKindIsToldTheStateOfItsMoment() {
        String text = "{\"annotations\":{\"a\":\"b\"},\"hooks\":{\"%s\":[{\"path\":\"/bin/true\"}]}}";
        record Case(String kind, String status, boolean pid) {}
        for (Case each : List.of(
                new Case("prestart", "creating", true),
                new Case("createRuntime", "creating", true),
                new Case("createContainer", "creating", true),
                new Case("startContainer", "created", true),
                new Case("poststart", "running", true),
                new Case("poststop", "stopped", false))) {
            Document document = ((Document.Good) Document.parse(text.replace("%s", each.kind()))).document();
            HookTest test = HookTest.of(document, "/hooks/" + each.kind() + "/0", folder, 7)
                    .orElseThrow();
            JsonNode state = new JsonMapper().readTree(test.state());
            assertEquals(each.status(), state.path("status").asString(), each.kind());
            assertEquals(each.pid(), state.has("pid"), each.kind());
            assertEquals("b", state.path("annotations").path("a").asString());
        }
    }

    @Test
    void whatCannotBeExecutedIsSaidWithItsPath() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "text");
        Path broken = script("echo no program\n");
        for (String path : List.of("/no/such/hook", "bin/true", folder.toString(), broken.toString())) {
            HookTestModel model = hook("poststop", "{\"path\":\"" + path + "\"}");
            model.test();
            Shown.Refused refused =
                    assertInstanceOf(Shown.Refused.class, model.shown().get(), path);
            assertTrue(refused.sentence().contains("'" + path + "'"), refused.sentence());
        }
        assertEquals(Optional.of("no-program"), HookRunner.whyNot(broken.toString()));
        Path noInterpreter = script("#!/no/such/interpreter\n");
        HookTestModel lost = hook("poststop", "{\"path\":\"" + noInterpreter + "\"}");
        lost.test();
        Shown.Refused system =
                assertInstanceOf(Shown.Refused.class, lost.shown().get());
        assertTrue(system.sentence().contains("No such file"), system.sentence());
        assertEquals(Optional.of("not-executable"), HookRunner.whyNot(plain.toString()));
        assertEquals(Optional.of("missing"), HookRunner.whyNot("/a\0b"));
        HookTestModel none = hook("poststop", "{\"args\":[\"x\"]}");
        none.test();
        assertInstanceOf(Shown.Refused.class, none.shown().get());
    }

    @Test
    void aHookThatOutlivesItsTimeoutIsKilledWithItsChildren() throws IOException {
        Path pid = folder.resolve("child.pid");
        Path script = script("#!/bin/sh\ntrap '' TERM\nsleep 1000 &\necho $! > " + pid + "\necho begun\nwait\n");
        Shown.Ended ended = ended(hook("prestart", "{\"path\":\"" + script + "\",\"timeout\":1}"));
        assertEquals("begun\n", ended.output());
        assertFalse(ended.good());
        long child = Long.parseLong(Files.readString(pid).strip());
        assertFalse(isAlive(child), "a child was left");
    }

    @Test
    void aCancelledHookIsKilledWithItsChildren() throws Exception {
        Path pid = folder.resolve("child.pid");
        Path script = script("#!/bin/sh\nsleep 1000 &\necho $! > " + pid + "\nwait\n");
        Document document = ((Document.Good) Document.parse(
                        "{\"hooks\":{\"prestart\":[{\"path\":\"" + script + "\",\"env\":[\"PATH=/bin:/usr/bin\"]}]}}"))
                .document();
        HookRunner runner = new HookRunner(
                HookTest.of(document, "/hooks/prestart/0", folder, 1).orElseThrow());
        CompletableFuture<HookResult> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(runner.run());
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        while (!Files.exists(pid) || Files.readString(pid).isBlank()) {
            assertFalse(result.isDone(), "ended before it was cancelled");
            Thread.sleep(5);
        }
        runner.cancel();
        assertEquals(HookResult.End.CANCELLED, result.get(60, TimeUnit.SECONDS).end());
        assertFalse(isAlive(Long.parseLong(Files.readString(pid).strip())), "a child was left");
    }

    /** A killed process may still be waiting for its new parent to ask how it ended. */
    private static boolean isAlive(long pid) throws IOException {
        for (int i = 0; i < 400; i++) {
            Path stat = Path.of("/proc/" + pid + "/stat");
            if (!Files.exists(stat) || Files.readString(stat).contains(") Z ")) {
                return false;
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        return true;
    }

    @Test
    void outputBeyondTheLimitIsReadAndDroppedAndUnreadInputIsNoError() throws IOException {
        Path script = script("#!/bin/sh\nexec 0<&-\nexec head -c 3000000 /dev/zero\n");
        Shown.Ended ended = ended(hook("prestart", "{\"path\":\"" + script + "\",\"env\":[\"PATH=/bin:/usr/bin\"]}"));
        assertEquals(HookRunner.MOST, ended.output().length());
        assertTrue(ended.good(), ended.how());
    }

    @Test
    void aChangedHookForgetsWhatTheOldOneDid() throws IOException {
        HookTestModel model = hook("prestart", "{\"path\":\"/bin/true\"}");
        ended(model);
        session.edit(new Edit.Set("/hostname", JsonNodeFactory.instance.stringNode("other")));
        assertInstanceOf(Shown.Ended.class, model.shown().get(), "an edit elsewhere");
        session.edit(new Edit.Set("/hooks/prestart/0/path", JsonNodeFactory.instance.stringNode("/bin/false")));
        assertInstanceOf(Shown.Nothing.class, model.shown().get());
    }
}
