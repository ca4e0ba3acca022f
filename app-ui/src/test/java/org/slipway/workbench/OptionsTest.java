package org.slipway.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void severalBundlesMayBeNamed() throws Options.Misuse {
        Options options = Options.parse(List.of("one", "--socket=/s", "two"));
        assertEquals(List.of(Path.of("one"), Path.of("two")), options.bundles());
        assertEquals(Optional.of(Path.of("/s")), options.socket());
        assertThrows(Options.Misuse.class, () -> Options.parse(List.of("--tour")));
        assertThrows(Options.Misuse.class, () -> Options.parse(List.of("--other", "x")));
    }
}
