package org.slipway.model.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.state.Status;
import org.slipway.model.state.Verb;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One container's state as each version writes it, and what each version allows in it. */
class StatesTest {

    private static ObjectNode state(String profile, String version, String status, int pid) {
        return (ObjectNode) JsonMapper.shared()
                .readTree(("{'ociVersion':'%s','id':'web','status':'%s'," + (pid > 0 ? "'pid':" + pid + "," : "")
                                + "'bundle':'/b','annotations':{'k':'v'},'profile':'%s','owner':0}")
                        .formatted(version, status, profile)
                        .replace('\'', '"'));
    }

    private static String in(String profile, ObjectNode state) {
        return States.in(Profiles.exactly(profile), state).toString().replace('"', '\'');
    }

    @Test
    @Requirement({"DRAFT-0.3-13", "DRAFT-0.3-27", "DRAFT-0.4-02", "DRAFT-0430AAF-20"})
    void eachProfileHasMembersOfItsOwn() {
        ObjectNode running = state("1.3", "1.3.0", "running", 7);
        assertEquals("{'version':'0.3.0','id':'web','pid':7,'bundlePath':'/b','profile':'1.3'}", in("0.3", running));
        assertEquals(
                "{'ociVersion':'0.4.0','version':'0.4.0','id':'web','pid':7,'bundlePath':'/b','profile':'1.3'}",
                in("0.4", running));
        assertEquals(
                "{'ociVersion':'0.6.0-dev','id':'web','pid':7,'bundlePath':'/b','profile':'1.3'}",
                in("0430aaf", running));
        assertEquals(
                "{'version':'0.3.0','id':'web','pid':0,'bundlePath':'/b','profile':'1.3'}",
                in("0.3", state("1.3", "1.3.0", "stopped", 0)));
    }

    @Test
    @Requirement({"DRAFT-RC-01", "DRAFT-04", "DRAFT-02"})
    void candidatesRenameTheBundleAndLearnOfCreating() {
        ObjectNode creating = state("1.3", "1.3.0", "creating", 7);
        assertEquals(
                "{'ociVersion':'1.0.0-rc4','id':'web','status':'created','pid':7,'bundlePath':'/b',"
                        + "'annotations':{'k':'v'},'profile':'1.3'}",
                in("1.0.0-rc4", creating));
        assertEquals(
                "{'ociVersion':'1.0.0-rc5','id':'web','status':'creating','pid':7,'bundle':'/b',"
                        + "'annotations':{'k':'v'},'profile':'1.3','owner':0}",
                in("1.0.0-rc5", creating));
    }

    @Test
    @Requirement({"DRAFT-04", "DRAFT-02", "WB-05"})
    void anyContainerIsPrintedInTheShapeOfAny() {
        ObjectNode old = state("0.3", "0.3.0", "running", 7);
        var views = States.all(old);
        assertEquals(Profiles.all().stream().map(Profile::name).toList(), List.copyOf(views.keySet()));
        assertEquals("0.3", States.own(old).name());
        assertEquals("0.3.0", views.get("0.3").path("version").asString());
        assertEquals("1.3.0", views.get("1.3").path("ociVersion").asString());
        assertEquals("running", views.get("1.3").path("status").asString());
        views.forEach((name, view) -> assertEquals("0.3", view.path("profile").asString(), name));
    }

    @Test
    @Requirement({"DRAFT-RC-05", "DRAFT-0430AAF-17"})
    void whatMayBeAskedWhenFollowsTheProfile() {
        for (String early : List.of("1.0.0-rc1", "1.0.0-rc5")) {
            Operations operations = Profiles.exactly(early).operations();
            assertTrue(operations.allowed(Status.CREATED).containsAll(EnumSet.of(Verb.START, Verb.DELETE)));
            assertTrue(!operations.allowed(Status.CREATED).contains(Verb.KILL));
            assertTrue(operations.allowed(Status.RUNNING).contains(Verb.KILL));
            assertTrue(!operations.allowed(Status.RUNNING).contains(Verb.DELETE));
        }
        for (String later : List.of("1.0.0-rc6", "1.0", "1.3")) {
            for (Status status : Status.values()) {
                assertEquals(
                        Verb.allowed(status),
                        Profiles.exactly(later).operations().allowed(status));
            }
        }
        Operations split = Profiles.exactly("0430aaf").operations();
        assertTrue(split.allowed(Status.RUNNING).contains(Verb.DELETE));
        assertTrue(split.allowed(Status.CREATED).contains(Verb.DELETE));
    }
}
