package org.slipway.model.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.json.Document;
import org.slipway.model.test.Requirement;

/** What the text of {@code intelRdt} can have wrong, whatever the machine. */
class RdtRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'l3CacheSchema':'L3:0=f','memBwSchema':'MB:0=20','schemata':['L2:0=3']} | ''",
                "{'l3CacheSchema':'L3:0=f\\nMB:0=9'} | rdt-schema-malformed ERROR l3CacheSchema",
                "{'memBwSchema':'MB:0=20\\n'} | rdt-schema-malformed ERROR memBwSchema",
                "{'memBwSchema':'L3:0=f'} | rdt-schema-malformed ERROR memBwSchema",
                "{'schemata':['L2:0=3','L3:0=f\\n']} | rdt-schema-malformed ERROR schemata/1",
                "{'l3CacheSchema':'L2:0=f'} | rdt-schema-not-l3 WARNING l3CacheSchema"
            })
    @Requirement({"RDT-05", "RDT-07"})
    void schemataAreSingleLines(String rdt, String expected) {
        assertEquals(expected, findings(rdt));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'closID':'gold'} | ''",
                "{'closID':'/'} | ''",
                "{'closID':'..'} | rdt-class-invalid ERROR closID",
                "{'closID':'a/b'} | rdt-class-invalid ERROR closID",
                "{'closID':'mon_groups'} | rdt-class-invalid ERROR closID"
            })
    @Requirement("RDT-04")
    void aClassIsOneDirectory(String rdt, String expected) {
        assertEquals(expected, findings(rdt));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'enableCMT':true} | rdt-monitoring-old WARNING enableCMT",
                "{'enableMBM':false} | rdt-monitoring-old WARNING enableMBM",
                "{'enableMonitoring':true} | ''"
            })
    @Requirement("RDT-13")
    void membersOfAnEarlierReleaseAreWarnedOf(String rdt, String expected) {
        assertEquals(expected, findings(rdt));
    }

    private static String findings(String rdt) {
        String config = "{'ociVersion':'1.3.0','root':{'path':'rootfs'},'linux':{'intelRdt':" + rdt + "}}";
        return String.join(
                "; ",
                Rules.check(Document.parse(config.replace('\'', '"').getBytes(StandardCharsets.UTF_8))).stream()
                        .filter(finding -> finding.code().startsWith("rdt-"))
                        .map(finding -> finding.code() + " " + finding.severity() + " "
                                + finding.pointer().replace("/linux/intelRdt/", ""))
                        .toList());
    }
}
