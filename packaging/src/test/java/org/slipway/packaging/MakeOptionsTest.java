package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    @Test
    @Requirement("EXT-KEY-01")
    void theSessionKeyringIsItsOwnUnlessSwitchedOff() {
        var bundle = bundle("grep -c _ses.ring /proc/keys || true");
        bundle.edit(config -> config.withObject("/linux").remove("maskedPaths"));
        assertEquals(
                "1\n", helper.slipway("run", "--bundle", bundle.text(), "ring").out());
        assertEquals(
                "0\n",
                helper.slipway("run", "--no-new-keyring", "--bundle", bundle.text(), "ring")
                        .out());
    }
}
