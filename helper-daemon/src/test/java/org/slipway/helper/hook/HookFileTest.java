package org.slipway.helper.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.HookOp.Kind;

class HookFileTest {

    @TempDir
    Path folder;

    @Test
    void aMissingFileHasNoRuns() throws IOException {
        assertEquals(List.of(), new HookFile(folder.resolve("hooks")).runs());
    }

    @Test
    void nonsenseIsLeftOut() {
        byte[] bytes = new byte[200];
        Arrays.fill(bytes, (byte) 0xff);
        assertEquals(List.of(), HookFile.parse(bytes));
    }

    @Test
    void framesOfTwoHooksThatAlternateAreTwoRuns() throws IOException {
        HookFile file = new HookFile(folder.resolve("hooks"));
        file.add(4, Kind.PRESTART, 0, HookFile.Part.OUTPUT, new byte[] {'a', 'x'}, 1);
        file.add(0xffffffff, Kind.POSTSTART, 1, HookFile.Part.ERRORS, new byte[] {'e'}, 1);
        file.add(4, Kind.PRESTART, 0, HookFile.Part.OUTPUT, new byte[] {'b'}, 1);
        file.end(4, Kind.PRESTART, 0, 137, 99);
        assertEquals(
                List.of(
                        new HookRun(Kind.PRESTART, 0, 4, 137, true, 99, Blob.of(new byte[] {'a', 'b'}), Blob.EMPTY),
                        new HookRun(Kind.POSTSTART, 1, -1, 0, false, 0, Blob.EMPTY, Blob.of(new byte[] {'e'}))),
                file.runs());
    }

    @Test
    void aFrameThatIsCutOffWaits() throws IOException {
        HookFile file = new HookFile(folder.resolve("hooks"));
        file.add(1, Kind.PRESTART, 0, HookFile.Part.OUTPUT, new byte[] {'a', 'b', 'c'}, 3);
        byte[] whole = java.nio.file.Files.readAllBytes(folder.resolve("hooks"));
        assertEquals(List.of(), HookFile.parse(Arrays.copyOf(whole, whole.length - 1)));
        assertEquals(1, HookFile.parse(whole).size());
    }
}
