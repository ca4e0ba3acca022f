package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;

/** Options of create and run that change how the environment is made. */
final class MakeOptionsTest extends KernelTest {

    @Test
    @Requirement("ROOT-05")
    void aRootThatIsMovedInsteadOfPivotedIsTheOnlyOneToBeSeen() {
        var bundle = bundle("cd /; ls -d usr 2> /dev/null; cd ../../..; ls -d bin proc");
        assertEquals(
                "bin\nproc\n",
                helper.slipway("run", "--no-pivot", "--bundle", bundle.text(), "moved")
                        .out());
    }

    /** By name, and a name for each: root sees the keyrings of others too, and those that are gone but not yet collected. */
    @Test
    @Requirement("EXT-KEY-01")
    void theSessionKeyringIsItsOwnUnlessSwitchedOff() {
        var bundle = bundle("cat /proc/keys");
        bundle.edit(config -> config.withObject("/linux").remove("maskedPaths"));
        var mark = "ring-" + ProcessHandle.current().pid();
        var own = helper.ok("run", "--bundle", bundle.text(), mark + "-own");
        var kept = helper.ok("run", "--no-new-keyring", "--bundle", bundle.text(), mark + "-kept");
        assertTrue(own.contains("_ses." + mark + "-own"), own);
        assertFalse(kept.contains("_ses." + mark + "-kept"), kept);
    }
}
