package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the command line tells of a container's past: its steps, its hooks, and what its bundle says by now. */
class RecordTest extends KernelTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void traceTellsEachStepWithItsResultAndItsField() {
        created("traced", "exec sleep 1000");
        String before = helper.ok("trace", "traced");
        assertTrue(before.startsWith("create\n"), before);
        assertTrue(before.lines().anyMatch(line -> line.matches(" +\\d+ ok +\\d+ us .*\\[/root/path\\]")), before);
        helper.ok("start", "traced");
        String after = helper.ok("trace", "traced");
        assertTrue(after.lines().anyMatch("start"::equals), after);
        JsonNode data = JSON.readTree(helper.ok("trace", "--json", "traced"));
        int steps = 0;
        for (JsonNode plan : data.path("plans")) {
            steps += plan.path("steps").size();
        }
        assertEquals(
                steps, after.lines().filter(line -> line.startsWith("    ")).count());
        assertTrue(data.path("records")
                .valueStream()
                .noneMatch(record -> record.path("result").asString().equals("FAILED")));
        helper.ok("delete", "--force", "traced");
    }

    @Test
    void hooksTellCommandStatusTimeAndOutputAlsoOfThoseThatSucceed() {
        var bundle = bundle("true").hook("prestart", "echo before; echo trouble >&2", 7);
        helper.create("hooked", bundle);
        String told = helper.ok("hooks", "hooked");
        assertTrue(told.matches("(?s)prestart\\[0\\] /\\S+.*: status 0, \\d+ ms of 7 s\n.*"), told);
        assertTrue(told.contains("  out: before\n") && told.contains("  err: trouble\n"), told);
        JsonNode data = JSON.readTree(helper.ok("hooks", "--json", "hooked"));
        assertEquals(1, data.size());
        assertEquals(7, data.at("/0/hook/timeout").asInt());
        helper.ok("delete", "--force", "hooked");
    }

    @Test
    void driftTellsWhatTheBundleSaysByNow() {
        var bundle = created("drifting", "true");
        assertEquals("", helper.ok("drift", "drifting"));
        bundle.edit(config -> config.put("hostname", "elsewhere"));
        var result = helper.slipway("drift", "drifting");
        assertEquals(1, result.status());
        assertTrue(result.out().matches("/hostname: \"[^\"]*\" -> \"elsewhere\"\n"), result.out());
        var data = JSON.readTree(helper.slipway("drift", "--json", "drifting").out());
        assertEquals("elsewhere", data.at("/0/now").asString());
        Shell.run("sh", "-c", "echo nonsense > " + bundle.config());
        var broken = helper.slipway("drift", "drifting");
        assertEquals(1, broken.status());
        assertTrue(broken.err().startsWith("slipway: "), broken.err());
        helper.ok("delete", "--force", "drifting");
    }
}
