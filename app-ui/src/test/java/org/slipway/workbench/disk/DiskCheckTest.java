package org.slipway.workbench.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.workbench.bundle.SampleBundle;
import org.slipway.workbench.bundle.Template;
import org.slipway.workbench.text.FindingText;

class DiskCheckTest {

    @TempDir
    private Path folder;

    private Path bin;

    @BeforeEach
    void root() throws IOException {
        bin = Files.createDirectories(folder.resolve("rootfs/bin"));
        Files.createDirectories(folder.resolve("rootfs/opt"));
    }

    private static Document document(String text) {
        return ((Document.Good) Document.parse(text)).document();
    }

    private List<String> found(String program, String more) {
        Document document = document("""
                {"root":{"path":"rootfs"},"process":{"args":["%s"],"env":["PATH=/usr/bin:/bin"],"cwd":"/opt"%s}""".formatted(program, more + "}"));
        return DiskCheck.of(document, folder).stream()
                .map(finding -> finding.code() + " " + finding.pointer())
                .toList();
    }

    private void program(String name, byte[] content, String rights) throws IOException {
        Files.write(bin.resolve(name), content);
        Files.setPosixFilePermissions(bin.resolve(name), PosixFilePermissions.fromString(rights));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An ELF file with nothing but the path of its loader. */
    private static byte[] elf(String loader) {
        ByteBuffer elf = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        elf.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
        elf.putInt(64, 3).putLong(72, 120).putLong(96, loader.length() + 1);
        elf.put(120, bytes(loader));
        return elf.array();
    }

    @ParameterizedTest
    @EnumSource
    void aNewBundleLacksNothing(Template template) throws IOException {
        Path made = SampleBundle.make(folder.resolve("web"), template);
        assertEquals(List.of(), DiskCheck.of(document(Files.readString(made.resolve("config.json"))), made));
    }

    @Test
    void theProgramIsLookedForWhereTheContainerWillLook() throws IOException {
        program("tool", bytes("x"), "rwxr-xr-x");
        assertEquals(List.of(), found("tool", ""));
        assertEquals(List.of(), found("../bin/tool", ""));
        assertEquals(List.of("disk-program-missing /process/args/0"), found("tools", ""));
        assertEquals(List.of("disk-program-missing /process/args/0"), found("/tool", ""));
        program("tool", bytes("x"), "rw-r--r--");
        assertEquals(List.of("disk-program-not-executable /process/args/0"), found("tool", ""));
        assertEquals(
                List.of(),
                found("/mnt/tool", "},\"mounts\":[{\"destination\":\"/mnt\",\"type\":\"tmpfs\"}],\"x\":{"),
                "what will be mounted is not known");
    }

    @Test
    void whatTheProgramNeedsIsLookedForToo() throws IOException {
        program("script", bytes("#! /usr/bin/python3 -u\n"), "rwxr-xr-x");
        assertEquals(List.of("disk-interpreter-missing /process/args/0"), found("script", ""));
        program("script", bytes("#!/bin/sh\n"), "rwxr-xr-x");
        program("sh", bytes("x"), "rwxr-xr-x");
        assertEquals(List.of(), found("script", ""));
        program("linked", elf("/lib64/ld-linux-x86-64.so.2"), "rwxr-xr-x");
        assertEquals(List.of("disk-interpreter-missing /process/args/0"), found("linked", ""));
        Files.createDirectories(folder.resolve("rootfs/lib64"));
        Files.writeString(folder.resolve("rootfs/lib64/ld-linux-x86-64.so.2"), "x");
        assertEquals(List.of(), found("linked", ""));
        byte[] torn = elf("/lib");
        ByteBuffer.wrap(torn).order(ByteOrder.LITTLE_ENDIAN).putLong(32, Long.MAX_VALUE);
        program("torn", torn, "rwxr-xr-x");
        assertEquals(List.of(), found("torn", ""), "a header that lies says nothing");
    }

    @Test
    void linksNeverLeadOutOfTheRoot() throws IOException {
        Rootfs root = new Rootfs(folder.resolve("rootfs"));
        Files.writeString(folder.resolve("secret"), "x");
        Files.createSymbolicLink(bin.resolve("up"), Path.of("../../../../../../../.." + folder + "/secret"));
        Files.createSymbolicLink(bin.resolve("absolute"), Path.of("/bin/real"));
        Files.createSymbolicLink(bin.resolve("round"), Path.of("round"));
        Files.writeString(bin.resolve("real"), "x");
        assertEquals(Optional.empty(), root.find("/bin/up"));
        assertEquals(Optional.empty(), root.find("/../secret"));
        assertEquals(Optional.empty(), root.find("/bin/round"));
        assertEquals(Optional.of(bin.resolve("real")), root.find("/bin/absolute"));
    }

    @Test
    void peopleAreThoseOfTheRootFilesystem() throws IOException {
        Files.createDirectories(folder.resolve("rootfs/etc"));
        Files.writeString(
                folder.resolve("rootfs/etc/passwd"),
                "root:x:0:0::/:/bin/sh\n# no line\nweb:x:33:34::/:\nbad:x:-1:9::\nhuge:x:99999999999:0::\n");
        assertEquals(
                List.of(new Rootfs.Person("root", 0, 0), new Rootfs.Person("web", 33, 34)),
                new Rootfs(folder.resolve("rootfs")).people());
        program("tool", bytes("x"), "rwxr-xr-x");
        assertEquals(List.of(), found("tool", ",\"user\":{\"uid\":33}"));
        assertEquals(List.of("disk-user-unknown /process/user/uid"), found("tool", ",\"user\":{\"uid\":34}"));
    }

    @Test
    void theRootSourcesAndHooksAreLookedFor() throws IOException {
        Document document = document("""
                {"root":{"path":"gone"},
                 "mounts":[{"destination":"/a","type":"bind","source":"data"},{"destination":"/b","source":"rootfs","options":["rbind"]},
                           {"destination":"/c","type":"tmpfs","source":"nowhere"}],
                 "hooks":{"createRuntime":[{"path":"/bin/sh"},{"path":"/no/hook"}],"poststop":[{"path":"%s"}],
                          "startContainer":[{"path":"/inside"}]}}""".formatted(Files.writeString(folder.resolve("plain"), "x")));
        var findings = DiskCheck.of(document, folder);
        assertEquals(
                List.of(
                        "disk-root-missing /root/path",
                        "disk-source-missing /mounts/0/source",
                        "disk-hook-missing /hooks/createRuntime/1/path",
                        "disk-hook-not-executable /hooks/poststop/0/path"),
                findings.stream()
                        .map(finding -> finding.code() + " " + finding.pointer())
                        .toList());
        assertTrue(findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR), "none refuses create");
        findings.forEach(finding -> assertFalse(FindingText.sentence(finding).startsWith("disk-"), finding.code()));
    }
}
