package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;

/** Hooks: where they run, what they are given, and what becomes of the container when they fail. */
final class HookTest extends KernelTest {
    private static final String FOREVER = "while true; do sleep 1; done";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    @Requirement({"HOOK-02", "HOOK-12"})
    void hooksRunOneAfterAnotherInTheirOrder() throws Exception {
        var notes = work.resolve("one-by-one");
        var bundle = bundle("true");
        for (var kind : List.of("createRuntime", "prestart")) {
            for (int i = 0; i < 2; i++) {
                command(bundle, kind, "/bin/sh", null, "sh", "-c", note(kind + i, notes));
            }
        }
        helper.create("queue", bundle);
        assertEquals(
                List.of(
                        "prestart0 begins",
                        "prestart0 ends",
                        "prestart1 begins",
                        "prestart1 ends",
                        "createRuntime0 begins",
                        "createRuntime0 ends",
                        "createRuntime1 begins",
                        "createRuntime1 ends"),
                Files.readAllLines(notes));
        gone("queue");
    }

    private static String note(String name, Path notes) {
        return "echo " + name + " begins >> " + notes + "; sleep 0.1; echo " + name + " ends >> " + notes;
    }

    /** A state of a megabyte does not fit into a pipe: who writes it to a hook that does not read must not wait for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"createRuntime", "createContainer"})
    @Requirement("HOOK-08")
    void theStateComesOnStandardInputWhichThenEnds(String kind) throws Exception {
        var told = work.resolve("told-" + kind);
        var bundle = bundle("true")
                .edit(config -> config.withObject("/annotations").put("org.example.long", "x".repeat(100_000)));
        command(bundle, kind, "/bin/sh", null, "sh", "-c", "exit 0");
        command(bundle, kind, "/bin/sh", null, "sh", "-c", "cat > " + told + "; echo end >> " + told);
        helper.create("told", bundle);
        var text = Files.readString(told);
        assertTrue(text.endsWith("}end\n") || text.endsWith("}\nend\n"), "standard input ended");
        var state = JSON.readTree(text.substring(0, text.lastIndexOf("end")));
        assertEquals("told", state.path("id").asString());
        assertEquals(bundle.text(), state.path("bundle").asString());
        assertEquals(
                100_000,
                state.path("annotations").path("org.example.long").asString().length());
        gone("told");
    }

    @Test
    @Requirement({"HOOK-10", "HOOK-13", "HOOK-24"})
    void aRuntimeHookSeesTheContainerBesideItself() throws Exception {
        var told = work.resolve("beside");
        var bundle = bundle(FOREVER);
        var script = "read state; pid=${state#*\\\"pid\\\":}; pid=${pid%%,*}; pid=${pid%%\\}*};"
                + " { echo $pid; readlink /proc/self/ns/mnt /proc/self/ns/net;"
                + " readlink /proc/$pid/ns/net;"
                + " nsenter --net=/proc/$pid/ns/net readlink /proc/self/ns/net;"
                + " test -e /proc/$pid/root" + bundle.config() + " && echo not pivoted yet; } > " + told;
        command(bundle, "createRuntime", "/bin/sh", List.of("PATH=/usr/bin:/bin"), "sh", "-c", script);
        helper.create("beside", bundle);
        var lines = Files.readAllLines(told);
        assertEquals(helper.state("beside").path("pid").asString(), lines.get(0));
        assertEquals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString(), lines.get(1));
        assertEquals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString(), lines.get(2));
        assertNotEquals(lines.get(2), lines.get(3));
        assertEquals(lines.get(3), lines.get(4), "it could enter the container's network");
        assertEquals("not pivoted yet", lines.get(5));
        gone("beside");
    }

    @Test
    @Requirement({"HOOK-10", "HOOK-14", "HOOK-15"})
    void hooksOfTheContainerRunInItsNamespacesAndAreToldItsPid() throws Exception {
        var bundle = bundle(FOREVER).edit(config -> config.put("hostname", "within"));
        var told = work.resolve("within");
        command(bundle, "createContainer", "/bin/sh", null, "sh", "-c", "{ cat; echo; uname -n; } > " + told);
        command(bundle, "startContainer", "/bin/sh", null, "sh", "-c", "cat; echo; hostname; ls -d /bin/busybox");
        helper.create("within", bundle);
        var lines = Files.readAllLines(told);
        assertEquals(1, JSON.readTree(lines.get(0)).path("pid").asInt(), lines::toString);
        assertEquals("within", lines.get(1));
        helper.ok("start", "within");
        var output = output("within");
        assertTrue(output.contains("within\n") && output.contains("/bin/busybox\n"), output);
        assertTrue(output.replace(" ", "").contains("\"status\":\"created\""), output);
        gone("within");
    }

    @Test
    @Requirement({"HOOK-04", "HOOK-05"})
    void argumentsAndEnvironmentAreTheHooksOwn() throws Exception {
        var bundle = bundle(FOREVER);
        command(bundle, "createRuntime", "/usr/bin/env", null, "a-name-of-its-own");
        command(
                bundle,
                "createRuntime",
                "/bin/sh",
                List.of("ONE=1", "TWO=a b=c"),
                "other",
                "-c",
                "echo $0-$ONE-$TWO-$HOME");
        helper.create("dressed", bundle);
        var output = output("dressed");
        assertTrue(output.contains("other-1-a b=c-\n"), output);
        assertFalse(output.contains("PATH="), output);
        gone("dressed");
    }

    /** Also those that made a session of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"createRuntime", "createContainer"})
    @Requirement("HOOK-07")
    void atItsTimeoutAllThatAHookStartedIsKilled(String kind) {
        var mark = "31" + (kind.length() * 1000L + ProcessHandle.current().pid() % 1000);
        var bundle = bundle("true").hook(kind, "setsid sleep " + mark + " & (sleep " + mark + " &); sleep " + mark, 1);
        var result = helper.slipway("create", "--bundle", bundle.text(), "late");
        assertEquals(1, result.status(), result::toString);
        assertTrue(result.err().contains(kind), result::err);
        assertEquals("", Shell.run("pgrep", "-f", "^sleep " + mark).out());
    }

    @ParameterizedTest
    @CsvSource({"exit 3, status 3", "kill -9 $$, status 137", "exit 127, executed"})
    @Requirement({"HOOK-18", "HOOK-23"})
    void howeverAHookEndsBadlyItHasFailedAndIsQuoted(String script, String said) {
        var bundle = bundle("true").hook("createRuntime", "echo last words >&2; " + script, 5);
        var result = helper.slipway("create", "--bundle", bundle.text(), "bad");
        assertEquals(1, result.status(), result::toString);
        assertTrue(result.err().contains("createRuntime") && result.err().contains(said), result::err);
        assertTrue(said.equals("executed") || result.err().contains("last words"), result::err);
        assertNotEquals(0, helper.slipway("state", "bad").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createRuntime", "createContainer"})
    @Requirement({"HOOK-17", "HOOK-19"})
    void afterAHookOfCreateFailedOnlyPoststopHooksRun(String kind) throws Exception {
        var notes = work.resolve("after-" + kind);
        var bundle = bundle("true");
        for (var each : List.of("prestart", "createRuntime", "createContainer", "poststop")) {
            command(
                    bundle,
                    each,
                    "/bin/sh",
                    null,
                    "sh",
                    "-c",
                    "echo " + each + " >> " + notes + (each.equals(kind) ? "; exit 1" : ""));
            command(bundle, each, "/bin/sh", null, "sh", "-c", "echo second " + each + " >> " + notes);
        }
        assertEquals(
                1, helper.slipway("create", "--bundle", bundle.text(), "failed").status());
        var ran = Files.readAllLines(notes);
        assertEquals(List.of("poststop", "second poststop"), ran.subList(ran.indexOf(kind) + 1, ran.size()));
        assertNotEquals(0, helper.slipway("state", "failed").status());
    }

    @Test
    @Requirement({"HOOK-16", "HOOK-21"})
    void afterAPoststartHookFailedTheProgramIsStoppedAndItsContainerGone() throws Exception {
        var notes = work.resolve("after-poststart");
        var bundle = bundle("trap '' TERM; " + FOREVER)
                .hook("poststart", "echo poststart >> " + notes + "; exit 1", 5)
                .hook("poststop", "echo poststop >> " + notes, 5);
        helper.create("unlucky", bundle);
        var pid = helper.state("unlucky").path("pid").asInt();
        var result = helper.slipway("start", "unlucky");
        assertEquals(1, result.status(), result::toString);
        assertTrue(result.err().contains("poststart"), result::err);
        assertFalse(Files.exists(Path.of("/proc/" + pid)), "the program runs on");
        assertEquals(List.of("poststart", "poststop"), Files.readAllLines(notes));
        assertNotEquals(0, helper.slipway("state", "unlucky").status());
    }

    @Test
    @Requirement({"HOOK-22", "ERR-02"})
    void aPoststopHookThatFailsIsAWarningAndTheOthersRun() throws Exception {
        var notes = work.resolve("after-poststop");
        var bundle = bundle("true");
        command(bundle, "poststop", "/bin/sh", null, "sh", "-c", "exit 9");
        command(bundle, "poststop", "/bin/sh", null, "sh", "-c", "echo second >> " + notes);
        helper.create("warned", bundle);
        helper.ok("start", "warned");
        helper.awaitStatus("warned", "stopped");
        helper.ok("delete", "warned");
        assertEquals("second\n", Files.readString(notes));
        assertTrue(
                helper.said().lines().anyMatch(line -> line.contains("WARN") && line.contains("warned")), helper::said);
        assertNotEquals(0, helper.slipway("state", "warned").status());
    }

    /** Adds a hook with arguments and environment as given, without a limit. */
    private static void command(
            Bundle bundle,
            String kind,
            String path,
            @org.jspecify.annotations.Nullable List<String> env,
            String... args) {
        bundle.edit(config -> {
            var hook = config.withObject("/hooks").withArray("/" + kind).addObject();
            hook.put("path", path);
            hook.set("args", JSON.valueToTree(List.of(args)));
            if (env != null) {
                hook.set("env", JSON.valueToTree(env));
            }
        });
    }

    /** What is kept of all hooks of a container. */
    private String output(String id) throws IOException {
        return Files.readString(helper.record(id).resolve("hooks"), StandardCharsets.ISO_8859_1);
    }

    @Test
    @Requirement("HOOK-22")
    void aPoststopHookThatFailsIsAWarningOfDelete() {
        var bundle = bundle("true").hook("poststop", "exit 3", 10);
        helper.create("stopped", bundle);
        helper.ok("kill", "stopped", "KILL");
        helper.awaitStatus("stopped", "stopped");
        var log = work.resolve("delete.log").toString();
        var deleted = helper.slipway("--log", log, "delete", "stopped");
        assertEquals(0, deleted.status());
        assertTrue(
                Shell.output("cat", log).matches("(?s).*level=warning msg=\"[^\\n]*poststop[^\\n]*\"\\n"),
                () -> Shell.output("cat", log));
        var run = helper.slipway("run", "--bundle", bundle.text(), "stopped");
        assertEquals(0, run.status());
        assertTrue(run.err().matches("(?s)slipway: warning: [^\\n]*poststop[^\\n]*\\n"), run::err);
    }

    @Test
    @Requirement("ERR-03")
    void whatIsBeingDoneCanBeBrokenOffFromOutside() throws Exception {
        for (var kind : List.of("createRuntime", "createContainer", "startContainer", "poststart")) {
            var bundle = bundle("exec sleep 1000").hook(kind, "exec sleep 1000", 100);
            boolean start = kind.startsWith("s") || kind.startsWith("p");
            if (start) {
                helper.create("held", bundle);
            }
            assertTrue(helper.slipway("abort", "held").err().contains(start ? "nothing is being done" : "'held'"));
            var command = start
                    ? helper.command("start", "held")
                    : helper.command("create", "--bundle", bundle.text(), "held");
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("held.out").toFile());
            builder.environment().putAll(helper.environment());
            var waiting = builder.start();
            Shell.await(
                    "the abort is taken for " + kind,
                    Duration.ofSeconds(20),
                    () -> helper.slipway("abort", "held").status() == 0);
            assertTrue(waiting.waitFor(20, TimeUnit.SECONDS));
            assertEquals(1, waiting.exitValue());
            var said = Shell.output("cat", work.resolve("held.out").toString());
            assertTrue(said.contains("broken off"), said);
            assertEquals("", helper.ok("list", "-q"));
        }
    }
}
