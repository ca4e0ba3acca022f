package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
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
    void theSessionKeyringIsItsOwnUnlessSwitchedOff() throws Exception {
        var bundle = bundle("grep _ses.ring /proc/keys || true");
        bundle.edit(config -> config.withObject("/linux").remove("maskedPaths"));
        var own = keyrings(helper.ok("run", "--bundle", bundle.text(), "ring"));
        var kept = keyrings(helper.ok("run", "--no-new-keyring", "--bundle", bundle.text(), "ring"));
        // Ours is the helper's, and may be none.
        var ours = keyrings(Files.readString(Path.of("/proc/keys")));
        assertEquals(1, own.size(), own::toString);
        assertTrue(Collections.disjoint(own, ours), own::toString);
        assertTrue(ours.containsAll(kept), kept::toString);
    }

    /** The serial numbers of the session keyrings in a text like {@code /proc/keys}. */
    private static Set<String> keyrings(String keys) {
        return keys.lines()
                .filter(line -> line.contains("_ses"))
                .map(line -> line.split(" ", 2)[0])
                .collect(Collectors.toSet());
    }
}
