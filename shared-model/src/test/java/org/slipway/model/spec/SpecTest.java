package org.slipway.model.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.spec.Process.Capabilities;
import org.slipway.model.spec.Process.Rlimit;
import org.slipway.model.spec.Resources.DeviceRule;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Configurations as values. */
class SpecTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static Spec read(String text) {
        return Spec.read((ObjectNode) JSON.readTree(text.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /: 'ociVersion' is missing",
                "{`ociVersion`:1} | /ociVersion: a string was expected",
                "{`ociVersion`:`1.3.0`,`root`:{}} | /root: 'path' is missing",
                "{`ociVersion`:`1.3.0`,`root`:[]} | /root: an object was expected",
                "{`ociVersion`:`1.3.0`,`mounts`:{}} | /mounts: an array was expected",
                "{`ociVersion`:`1.3.0`,`mounts`:[{`destination`:1}]} | /mounts/0/destination: a string was expected",
                "{`ociVersion`:`1.3.0`,`annotations`:{`a/b~c`:1}} | /annotations/a~1b~0c: a string was expected",
                "{`ociVersion`:`1.3.0`,`process`:{`cwd`:`/`,`terminal`:1}} | /process/terminal: true or false was expected",
                "{`ociVersion`:`1.3.0`,`process`:{`cwd`:`/`,`user`:{`uid`:-1}}}"
                        + " | /process/user/uid: the number is outside 0 to 4294967295",
                "{`ociVersion`:`1.3.0`,`process`:{`cwd`:`/`,`user`:{`uid`:1.5}}}"
                        + " | /process/user/uid: a whole number was expected",
                "{`ociVersion`:`1.3.0`,`linux`:{`namespaces`:[{`type`:`web`}]}}"
                        + " | /linux/namespaces/0/type: not a kind of namespace",
                "{`ociVersion`:`1.3.0`,`linux`:{`resources`:{`devices`:[{}]}}}"
                        + " | /linux/resources/devices/0: 'allow' is missing"
            })
    @Requirement({"CFG-07", "CFG-08"})
    void whatHasNotItsShapeIsNamedByItsPointer(String text, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> read(text.replace('`', '"')))
                        .getMessage());
    }

    @Test
    @Requirement({"CFG-10", "ANN-03"})
    void nullIsAbsence() {
        assertEquals(
                new Spec(
                        "1.3.0",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Hooks.NONE,
                        Map.of(),
                        Linux.NONE,
                        Lifecycle.NEWEST),
                read("""
                {'ociVersion':'1.3.0','process':null,'root':null,'hostname':null,'mounts':null,'hooks':null,
                 'annotations':null,'linux':null}"""));
    }

    @Test
    @Requirement("CFG-09")
    void numbersKeepTheirWholeRange() {
        Spec spec = read("""
                {'ociVersion':'1.3.0',
                 'process':{'cwd':'/','user':{'uid':4294967295},
                            'rlimits':[{'type':'RLIMIT_AS','soft':9223372036854775808,'hard':18446744073709551615}]},
                 'linux':{'resources':{'memory':{'limit':-1,'swap':9223372036854775807}}}}""");
        Process process = spec.process().orElseThrow();
        assertEquals(0xffffffffL, process.user().uid());
        assertEquals(List.of(new Rlimit("RLIMIT_AS", Long.MIN_VALUE, -1)), process.rlimits());
        Resources.Memory memory =
                spec.linux().resources().orElseThrow().memory().orElseThrow();
        assertEquals(Optional.of(-1L), memory.limit());
        assertEquals(Optional.of(Long.MAX_VALUE), memory.swap());
    }

    @Test
    @Requirement("CFG-06")
    void unknownMembersAreNoFailure() {
        assertEquals(
                read("{'ociVersion':'1.3.0','root':{'path':'r'}}"),
                read("{'ociVersion':'1.3.0','root':{'path':'r','colour':1},'novelty':[null]}"));
    }

    @Test
    @Requirement("CLI-SPEC-01")
    void theDefaultConfigurationSaysWhatTheFirstRuntimeSays() {
        Spec spec = Spec.read((ObjectNode) JSON.readTree(DefaultSpec.text()));
        List<String> rights = List.of("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        Process process = spec.process().orElseThrow();
        assertEquals("1.3.0", spec.ociVersion());
        assertEquals(List.of("sh"), process.args());
        assertEquals(
                Optional.of(new Capabilities(rights, rights, List.of(), rights, List.of())), process.capabilities());
        assertEquals(List.of(new Rlimit("RLIMIT_NOFILE", 1024, 1024)), process.rlimits());
        assertEquals(Optional.of(new Root("rootfs", true)), spec.root());
        assertEquals(
                List.of("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup"),
                spec.mounts().stream().map(Mount::destination).toList());
        assertEquals(
                List.of(new DeviceRule(false, "a", Optional.empty(), Optional.empty(), Optional.of("rwm"))),
                spec.linux().resources().orElseThrow().devices());
    }

    @Test
    @Requirement("CLI-SPEC-01")
    void theRootlessOneMapsTheCallerToRoot() {
        Spec spec = Spec.read((ObjectNode) JSON.readTree(DefaultSpec.rootless(1000, -2)));
        assertEquals(List.of(new IdMapping(0, 1000, 1)), spec.linux().uidMappings());
        assertEquals(List.of(new IdMapping(0, 4294967294L, 1)), spec.linux().gidMappings());
        assertEquals(true, spec.linux().isNew(NamespaceType.USER));
        assertEquals(false, spec.linux().isNew(NamespaceType.NETWORK));
    }

    @Test
    void anIdLiesInARangeFromItsFirstToItsLast() {
        IdMapping range = new IdMapping(4294967290L, 0, 6);
        assertEquals(false, range.contains(4294967289L));
        assertEquals(true, range.contains(4294967290L));
        assertEquals(true, range.contains(4294967295L));
        assertEquals(false, new IdMapping(0, 0, 1).contains(1));
    }
}
