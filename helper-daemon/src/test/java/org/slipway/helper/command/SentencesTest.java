package org.slipway.helper.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Document;
import org.slipway.model.json.Limits;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.test.Requirement;

/** Every code that the helper may answer has a sentence. */
class SentencesTest {

    private static final Pattern CODE = Pattern.compile(
            "(?:Failure\\.(?:caller|state|host|bug)|Context\\.failure|new (?:Verdict|Refused|MalformedMessage))"
                    + "\\(\\s*\"([a-z0-9-]+)\"");

    @Test
    void everyCodeHasASentence() throws IOException {
        ResourceBundle bundle = ResourceBundle.getBundle("org.slipway.model.text.sentences", Locale.ROOT);
        TreeSet<String> codes = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                CODE.matcher(Files.readString(file)).results().forEach(match -> codes.add(match.group(1)));
            }
        }
        assertTrue(codes.size() > 20, () -> "the pattern misses codes: " + codes);
        List<String> missing = new ArrayList<>(codes);
        missing.removeIf(code -> bundle.containsKey("problem." + code));
        assertEquals(List.of(), missing);
    }

    @Test
    @Requirement("CLI-G-10")
    void phrasesThatCallersSearchForAreKept() {
        assertEquals("container does not exist: 'web'", line("container-unknown", Map.of("id", "web")));
        assertEquals(
                "container not running: 'web' is stopped",
                line("container-not-running", Map.of("id", "web", "status", "stopped")));
        assertEquals(
                "executable file not found in $PATH or at its path: 'sh'",
                line("program-missing", Map.of("program", "sh")));
        assertEquals("no such file or directory", Sentences.errno("ENOENT"));
        assertEquals("permission denied", Sentences.errno("EACCES"));
        assertEquals("operation not permitted", Sentences.errno("EPERM"));
        assertEquals("no such process", Sentences.errno("ESRCH"));
    }

    @Test
    void aSentenceSaysNothingTwice() {
        assertEquals(
                "the root filesystem '/b/rootfs' is not there: no such file or directory (/root/path);"
                        + " put the files of an image there, or set root.path",
                step("rootfs-missing", Map.of("path", "/b/rootfs"), "open_tree(\"/b/rootfs\")", 2, "/root/path"));
        assertEquals(
                "no space left on device: mkdir(\"/run/slipway/0/web\", 0700);"
                        + " free space where that is: df shows it, and the inodes with -i",
                step("disk-full", Map.of(), "mkdir(\"/run/slipway/0/web\", 0700)", 28, null));
        assertEquals(
                "can't mount foofs at /x: open filesystem type 'foofs': fsopen(\"foofs\"): no such device (/mounts/7);"
                        + " this kernel has no filesystem 'foofs': /proc/filesystems lists those it has",
                step(
                        "step-failed",
                        Map.of(
                                "step", "MountFilesystem",
                                "text", "open filesystem type 'foofs'",
                                "type", "foofs",
                                "target", "/x",
                                "with", "",
                                "errno", "ENODEV"),
                        "fsopen(\"foofs\")",
                        19,
                        "/mounts/7"));
    }

    @Test
    void brokenTextIsToldByItsLine() {
        var document = Document.parse("{\n \"process\": {".getBytes(StandardCharsets.UTF_8), Limits.ADMINISTRATOR);
        String line = Sentences.of(Failure.refused(Rules.check(document)));
        assertTrue(line.matches(".*not valid JSON: [^\\[]* \\(line 2, column [0-9]+\\)"), line);
    }

    private static String step(
            String code, Map<String, String> arguments, String call, int errno, @Nullable String pointer) {
        var at = new Failure.At(PlanKind.CREATE, 0, call, Optional.of(new Errno(errno)), Optional.ofNullable(pointer));
        return Sentences.of(Failure.step(code, Failure.Fault.CALLER, arguments, at, new IOException()));
    }

    private static String line(String code, Map<String, String> arguments) {
        return Sentences.of(Failure.caller(code, arguments));
    }
}
