package org.slipway.helper.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.plan.Blob;

class LogFileTest {

    @TempDir
    Path folder;

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static LogLine line(String text) {
        return new LogLine("stdout", "T", false, Blob.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aMissingLogHasNoLines() throws IOException {
        try (LogFile log = new LogFile(folder)) {
            assertEquals(List.of(), log.read());
        }
    }

    @Test
    void aLineThatIsNoneIsLeftOut() throws IOException {
        write("nonsense\n\nT stdout F good\n");
        try (LogFile log = new LogFile(folder)) {
            assertEquals(List.of(line("good")), log.read());
        }
    }

    @Test
    void aLineThatIsNotWhollyWrittenWaits() throws IOException {
        write("T stdout F ha");
        try (LogFile log = new LogFile(folder)) {
            assertEquals(List.of(), log.read());
            write("lf\nT stdout F \n");
            assertEquals(List.of(line("half"), line("")), log.read());
        }
    }

    @Test
    void aRenamedLogIsReadToItsEndBeforeTheNew() throws IOException {
        write("T stdout F 1\n");
        try (LogFile log = new LogFile(folder)) {
            assertEquals(List.of(line("1")), log.read());
            write("T stdout F 2\n");
            Files.move(folder.resolve("log"), folder.resolve("log.1"));
            write("T stdout F 3\n");
            assertEquals(List.of(line("2"), line("3")), log.read());
        }
        try (LogFile late = new LogFile(folder)) {
            assertEquals(List.of(line("1"), line("2"), line("3")), late.read());
        }
    }

    @Test
    void whatWasSkippedDoesNotCome() throws IOException {
        write("T stdout F 1\n");
        try (LogFile log = new LogFile(folder)) {
            log.skip();
            write("T stdout F 2\n");
            assertEquals(List.of(line("2")), log.read());
        }
    }
}
