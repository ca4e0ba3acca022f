package org.slipway.helper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.trace.StepRecord;

class ResultPageTest {

    @TempDir
    Path folder;

    @Test
    void aFileOfAnotherSizeOrKindIsRefused() throws IOException {
        Path file = folder.resolve("page");
        Files.write(file, new byte[100]);
        assertThrows(IOException.class, () -> ResultPage.open(file));
        Files.write(file, new byte[4096 + 32]);
        assertThrows(IOException.class, () -> ResultPage.open(file));
    }

    @Test
    void aCountThatDoesNotFitTheSizeIsRefused() throws IOException {
        Path file = folder.resolve("page");
        ResultPage.make(file, 2, 1);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, Integer.MAX_VALUE);
        Files.write(file, bytes);
        assertThrows(IOException.class, () -> ResultPage.open(file));
    }

    @Test
    void aFreshPageSaysNothing() throws IOException {
        ResultPage.make(folder.resolve("page"), 3, 2);
        ResultPage page = ResultPage.open(folder.resolve("page"));
        assertEquals(ResultPage.Phase.SETTING_UP, page.phase());
        assertEquals(Optional.empty(), page.fault());
        assertEquals(List.of(), page.records());
    }

    @Test
    void aFailureOfStartIsCountedFromCreatesEnd() throws IOException {
        Path file = folder.resolve("page");
        ResultPage.make(file, 2, 3);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        page.putInt(16, 4).putInt(20, 3).putInt(24, 2);
        page.put(64, "/bin/x".getBytes(StandardCharsets.UTF_8));
        page.putInt(4096, 2).putLong(4096 + 8, 10).putLong(4096 + 16, 20);
        page.putInt(4096 + 96, 3)
                .putInt(4096 + 100, 2)
                .putLong(4096 + 104, 30)
                .putLong(4096 + 112, 40)
                .putLong(4096 + 120, 6);
        Files.write(file, bytes);
        ResultPage read = ResultPage.open(file);
        assertEquals(Optional.of(new ResultPage.Fault(PlanKind.START, 1, 2, "/bin/x", 6)), read.fault());
        assertEquals(
                List.of(
                        new StepRecord(PlanKind.CREATE, 0, StepRecord.Result.OK, 0, 10, 20, ""),
                        new StepRecord(PlanKind.START, 1, StepRecord.Result.FAILED, 2, 30, 40, "/bin/x")),
                read.records());
    }
}
