package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;

/** Rules on devices have one outcome, whether they are an eBPF program (version 2) or lines for the devices controller (version 1). */
final class DeviceAccessTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Makes nodes of devices that nothing drives, and opens each: without the right that is EPERM, with it there is no such device.
     * Prints a word for each node: m when it could be made, r and w when it could be opened so.
     */
    private static final String TRY = """
            try() { case "$(2>&1 eval "$1")" in *"not permitted"*) printf -- - ;; *) printf "$2" ;; esac; }
            for node in "c 240 1" "c 240 2" "c 241 1" "b 240 1"; do
                n=/dev/$(echo $node | tr ' ' -); if mknod $n $node; then printf m; else printf -- -; fi
                try ": < $n" r; try ": >> $n" w; printf ' '
            done
            for n in /dev/null /dev/zero /dev/ptmx; do try ": < $n" r; try ": >> $n" w; printf ' '; done
            echo
            """;

    private static final String DEFAULTS = " rw rw rw";

    @Test
    @Requirement({"CGD-01", "CGD-02", "CGD-03", "CGD-04"})
    void rulesHaveTheSameOutcomeOnBothVersions() {
        assertEquals("m-- m-- m-- m--" + DEFAULTS, outcome("{'allow':false}"));
        assertEquals("m-- m-- m-- m--" + DEFAULTS, outcome("{'allow':false,'type':'a','access':'rwm'}"));
        assertEquals("mrw mrw mrw mrw" + DEFAULTS, outcome("{'allow':true}"));
        assertEquals(
                "mr- mr- m-- m--" + DEFAULTS,
                outcome("{'allow':false},{'allow':true,'type':'c','major':240,'access':'r'}"));
        assertEquals(
                "mr- m-w m-- m--" + DEFAULTS,
                outcome("{'allow':false},{'allow':true,'type':'c','major':240,'minor':1,'access':'rw'},"
                        + "{'allow':true,'type':'c','major':240,'minor':2,'access':'w'},"
                        + "{'allow':false,'type':'c','major':240,'minor':1,'access':'w'}"));
        assertEquals(
                "m-- mrw mrw mrw" + DEFAULTS,
                outcome("{'allow':true},{'allow':false,'type':'c','major':240,'minor':1}"));
        assertEquals("m-- m-- m-- mrw" + DEFAULTS, outcome("{'allow':false},{'allow':true,'type':'b','access':'rw'}"));
        assertEquals(
                "m-- mrw m-- m--" + DEFAULTS,
                outcome("{'allow':true,'type':'c','major':240,'minor':1},{'allow':false},"
                        + "{'allow':true,'major':240,'minor':2,'type':'c'}"));
        assertEquals("mrw mrw m-- mrw" + DEFAULTS, outcome("{'allow':false},{'allow':true,'major':240,'access':'rw'}"));
    }

    private String outcome(String rules) {
        var bundle = bundle(TRY);
        bundle.edit(config -> {
            config.withObject("/linux")
                    .withObject("/resources")
                    .set("devices", JSON.readTree("[" + rules.replace('\'', '"') + "]"));
            var capabilities = config.withObject("/process").withObject("/capabilities");
            for (var set : List.of("bounding", "effective", "permitted")) {
                capabilities.withArray("/" + set).add("CAP_MKNOD");
            }
            config.withObject("/root").put("readonly", false);
        });
        for (var applet : List.of("mknod", "tr", "printf")) {
            Shell.output(
                    "ln",
                    "-sf",
                    "busybox",
                    bundle.rootfs().resolve("bin/" + applet).toString());
        }
        return helper.ok("run", "--bundle", bundle.text(), "devices").strip();
    }
}
