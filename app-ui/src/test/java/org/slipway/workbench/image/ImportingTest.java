package org.slipway.workbench.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of images, the bad ones first. */
class ImportingTest {

    @TempDir
    Path folder;

    /** An archive that is written entry by entry, also such as no honest program writes. */
    private static final class Tar {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8");

        Tar() {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        }

        Tar file(String name, String text) throws IOException {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            return file(name, content);
        }

        Tar file(String name, byte[] content) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
            entry.setSize(content.length);
            entry.setMode(0644);
            out.putArchiveEntry(entry);
            out.write(content);
            out.closeArchiveEntry();
            return this;
        }

        Tar other(byte kind, String name, String link, int mode) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
            entry.setLinkName(link);
            entry.setMode(mode);
            out.putArchiveEntry(entry);
            out.closeArchiveEntry();
            return this;
        }

        Tar folder(String name) throws IOException {
            return other(TarConstants.LF_DIR, name + "/", "", 0755);
        }

        Tar symlink(String name, String target) throws IOException {
            return other(TarConstants.LF_SYMLINK, name, target, 0777);
        }

        byte[] done() throws IOException {
            out.finish();
            return bytes.toByteArray();
        }
    }

    private static String sha(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An archive as {@code docker save} writes it. */
    private static byte[] docker(String run, byte[]... layers) throws Exception {
        StringBuilder ids = new StringBuilder();
        StringBuilder names = new StringBuilder();
        Tar tar = new Tar();
        for (int i = 0; i < layers.length; i++) {
            ids.append(i == 0 ? "" : ",")
                    .append("\"sha256:")
                    .append(sha(layers[i]))
                    .append('"');
            names.append(i == 0 ? "" : ",").append("\"l").append(i).append("/layer.tar\"");
            tar.file("l" + i + "/layer.tar", layers[i]);
        }
        tar.file(
                "c.json",
                "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":" + run + ",\"rootfs\":{\"diff_ids\":[" + ids
                        + "]}}");
        return tar.file("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[" + names + "]}]")
                .done();
    }

    private Importing.Made run(byte[] archive) throws IOException {
        Path source = Files.write(folder.resolve("archive"), archive);
        return Importing.run(source, folder.resolve("made"), Watch.NOBODY);
    }

    /** Fails with a code, and leaves nothing, neither in the bundle's place nor beside it. */
    private ImageFailure refused(byte[] archive) throws IOException {
        ImageFailure failure = assertThrows(ImageFailure.class, () -> run(archive));
        assertNothingLeft();
        return failure;
    }

    private void assertNothingLeft() throws IOException {
        try (var left = Files.list(folder)) {
            assertEquals(
                    Set.of("archive"),
                    left.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    private Set<String> tree() throws IOException {
        Path root = folder.resolve("made/rootfs");
        try (var all = Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString())
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @ParameterizedTest
    @CsvSource({"../evil", "a/../../evil", "/evil"})
    void aNameThatLeadsOutIsRefused(String name) throws IOException {
        ImageFailure failure =
                refused(new Tar().file("a", "x").file(name, "evil").done());
        assertEquals("escapes", failure.code());
        assertTrue(failure.getMessage().contains(name), failure.getMessage());
        assertFalse(Files.exists(Path.of("/evil")));
    }

    @Test
    void nothingIsWrittenThroughALinkToTheHost() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        run(new Tar().symlink("out", outside.toString()).file("out/file", "x").done());
        try (var entries = Files.list(outside)) {
            assertEquals(0, entries.count());
        }
        assertEquals(
                "x",
                Files.readString(folder.resolve("made/rootfs" + outside + "/file")),
                "an absolute link means the root of the container");
        assertEquals(outside, Files.readSymbolicLink(folder.resolve("made/rootfs/out")));
    }

    @Test
    void aLinkAboveTheRootIsRefused() throws IOException {
        assertEquals(
                "escapes",
                refused(new Tar().symlink("up", "../..").file("up/file", "x").done())
                        .code());
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        assertEquals(
                "link-loop",
                refused(new Tar()
                                .symlink("a", "b")
                                .symlink("b", "a")
                                .file("a/file", "x")
                                .done())
                        .code());
    }

    @Test
    void aFileOverALinkReplacesTheLinkAndNotWhatItPointsTo() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "untouched");
        run(new Tar().symlink("a", victim.toString()).file("a", "new").done());
        assertEquals("untouched", Files.readString(victim));
        assertEquals("new", Files.readString(folder.resolve("made/rootfs/a")));
    }

    @ParameterizedTest
    @CsvSource({"/etc/passwd,escapes", "../../etc/passwd,escapes", "missing,hard-link"})
    void aHardLinkToSomethingElseIsRefused(String target, String code) throws IOException {
        byte[] archive = new Tar()
                .file("a", "x")
                .other(TarConstants.LF_LINK, "b", target, 0644)
                .done();
        assertEquals(code, refused(archive).code());
    }

    @Test
    void whatIsCutOffOrNoArchiveIsRefused() throws IOException {
        byte[] whole = new Tar().file("a", "x".repeat(5000)).done();
        assertEquals("broken", refused(Arrays.copyOf(whole, 3000)).code());
        assertEquals("broken", refused(Arrays.copyOf(gzip(whole), 40)).code());
        assertFalse(String.valueOf(refused(Arrays.copyOf(gzip(whole), 40)).getMessage())
                .contains("null"));
        assertEquals("empty", refused(new byte[1024]).code());
        assertEquals(
                "compression",
                refused(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0}).code());
    }

    @Test
    void aLayerThatIsNotWhatItsDigestSaysIsRefused() throws Exception {
        byte[] archive = docker("{}", new Tar().file("a", "good").done());
        String text = new String(archive, StandardCharsets.ISO_8859_1).replace("good", "evil");
        assertEquals(
                "digest", refused(text.getBytes(StandardCharsets.ISO_8859_1)).code());
    }

    @Test
    void aBombIsFoundBeforeAByteIsWritten() throws IOException {
        Path source = Files.write(
                folder.resolve("archive"),
                new Tar().file("zeros", new byte[1 << 20]).done());
        Path draft = Files.createDirectory(folder.resolve("draft"));
        Bounds bounds = new Bounds(1 << 19, 100, 1000);
        ImageFailure failure = assertThrows(
                ImageFailure.class, () -> Importing.make(source, draft, folder.resolve("x"), bounds, Watch.NOBODY));
        assertEquals("too-large", failure.code());
        try (var left = Files.list(draft)) {
            assertEquals(0, left.count());
        }
        Bounds few = new Bounds(1 << 30, 0, 1000);
        assertEquals(
                "entries",
                assertThrows(
                                ImageFailure.class,
                                () -> Importing.make(source, draft, folder.resolve("x"), few, Watch.NOBODY))
                        .code());
    }

    @Test
    void aCancelledImportLeavesNothing() throws IOException {
        Path source = Files.write(
                folder.resolve("archive"),
                new Tar().folder("d").file("d/zeros", new byte[1 << 20]).done());
        Watch impatient = new Watch() {
            private boolean enough;

            @Override
            public boolean cancelled() {
                return enough;
            }

            @Override
            public void bytes(long written, long all) {
                enough = true;
            }
        };
        ImageFailure failure =
                assertThrows(ImageFailure.class, () -> Importing.run(source, folder.resolve("made"), impatient));
        assertEquals("cancelled", failure.code());
        assertNothingLeft();
    }

    @Test
    void whatIsThereAlreadyIsNotTouched() throws IOException {
        Files.createDirectory(folder.resolve("made"));
        assertEquals(
                "exists",
                assertThrows(
                                ImageFailure.class,
                                () -> run(new Tar().file("a", "x").done()))
                        .code());
    }

    @Test
    void layersHideWhatIsBelowThemAndNothingOfTheirOwn() throws Exception {
        byte[] lower = new Tar()
                .folder("etc")
                .file("etc/gone", "1")
                .file("etc/kept", "1")
                .folder("opaque")
                .file("opaque/old", "1")
                .folder("all")
                .file("all/below", "1")
                .done();
        byte[] upper = new Tar()
                .file("etc/.wh.gone", "")
                .file("opaque/new", "2")
                .file("opaque/.wh..wh..opq", "")
                .file(".wh.all", "")
                .other(TarConstants.LF_LINK, "etc/same", "etc/kept", 0644)
                .other(TarConstants.LF_CHR, "null", "", 0666)
                .done();
        Importing.Made made = run(gzip(docker("{}", lower, upper)));
        assertEquals(Set.of("etc", "etc/kept", "etc/same", "opaque", "opaque/new"), tree());
        assertEquals(1, made.special());
        assertEquals(
                Files.getAttribute(folder.resolve("made/rootfs/etc/kept"), "unix:ino"),
                Files.getAttribute(folder.resolve("made/rootfs/etc/same"), "unix:ino"));
    }

    @Test
    void aLinkToAFileThatIsHiddenLaterInItsLayerKeepsTheFile() throws Exception {
        byte[] lower = new Tar().folder("d").file("d/a", "kept").done();
        byte[] upper = new Tar()
                .other(TarConstants.LF_LINK, "d/b", "d/a", 0644)
                .file("d/.wh..wh..opq", "")
                .done();
        run(docker("{}", lower, upper));
        assertEquals(Set.of("d", "d/b"), tree());
        assertEquals("kept", Files.readString(folder.resolve("made/rootfs/d/b")));
    }

    @Test
    void theConfigurationFollowsTheImage() throws Exception {
        byte[] layer = new Tar()
                .file("etc/passwd", "root:x:0:0::/:/bin/sh\nweb:x:33:34::/:/bin/sh\n")
                .symlink("bin", "usr/bin")
                .done();
        run(docker("""
                {"Env":["A=b"],"Entrypoint":["/bin/x"],"Cmd":["-y"],"User":"web","WorkingDir":"/srv",
                 "ExposedPorts":{"80/tcp":{},"443/tcp":{}},"StopSignal":"SIGQUIT",
                 "Labels":{"org.opencontainers.image.os":"mine","k":"v"}}""", layer));
        JsonNode config = new JsonMapper().readTree(Files.readString(folder.resolve("made/config.json")));
        JsonNode process = config.path("process");
        assertEquals("[\"/bin/x\",\"-y\"]", process.path("args").toString());
        assertEquals("[\"A=b\"]", process.path("env").toString());
        assertEquals("/srv", process.path("cwd").asString());
        assertEquals(33, process.path("user").path("uid").asInt());
        assertEquals(34, process.path("user").path("gid").asInt());
        Map<String, String> annotations = new LinkedHashMap<>();
        config.path("annotations")
                .properties()
                .forEach(each -> annotations.put(each.getKey(), each.getValue().asString()));
        assertEquals(
                Map.of(
                        "org.opencontainers.image.os", "mine",
                        "org.opencontainers.image.architecture", "amd64",
                        "org.opencontainers.image.stopSignal", "SIGQUIT",
                        "org.opencontainers.image.exposedPorts", "443/tcp,80/tcp",
                        "k", "v"),
                annotations);
    }

    @Test
    void aLayoutIsReadAsFolderAndItsDigestsAreChecked() throws Exception {
        Path layout = Files.createDirectory(folder.resolve("layout"));
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        byte[] layer = new Tar().folder("dir").file("dir/file", "x").done();
        byte[] packed = gzip(layer);
        byte[] config = utf8("{\"config\":{},\"rootfs\":{\"diff_ids\":[\"sha256:" + sha(layer) + "\"]}}");
        byte[] manifest = utf8("{\"config\":{\"digest\":\"sha256:" + sha(config)
                + "\"},\"layers\":[{\"digest\":\"sha256:" + sha(packed) + "\"}]}");
        for (byte[] blob : new byte[][] {packed, config, manifest}) {
            Files.write(blobs.resolve(sha(blob)), blob);
        }
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(
                layout.resolve("index.json"), "{\"manifests\":[{\"digest\":\"sha256:" + sha(manifest) + "\"}]}");
        Importing.run(layout, folder.resolve("made"), Watch.NOBODY);
        assertEquals(Set.of("dir", "dir/file"), tree());
        assertFalse(Files.isSymbolicLink(folder.resolve("made/rootfs/dir")));
        assertTrue(Files.isDirectory(folder.resolve("made/rootfs/dir"), LinkOption.NOFOLLOW_LINKS));

        Files.writeString(blobs.resolve(sha(manifest)), "{}");
        assertEquals(
                "digest",
                assertThrows(ImageFailure.class, () -> Importing.run(layout, folder.resolve("again"), Watch.NOBODY))
                        .code());
    }
}
