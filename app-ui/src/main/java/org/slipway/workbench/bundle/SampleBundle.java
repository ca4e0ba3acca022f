package org.slipway.workbench.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/** Makes a bundle that runs at once: a root filesystem around one static busybox, and a configuration to change. */
public final class SampleBundle {

    private static final List<Path> BUSYBOX =
            List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox"), Path.of("/usr/lib/busybox/bin/busybox"));
    private static final List<String> DIRECTORIES = List.of("bin", "dev", "etc", "proc", "sys", "tmp", "root");
    private static final List<String> NAMES = List.of(
            "sh",
            "ls",
            "cat",
            "echo",
            "env",
            "hostname",
            "id",
            "mount",
            "ps",
            "sleep",
            "true",
            "false",
            "uname",
            "df",
            "date");

    private SampleBundle() {}

    /**
     * Makes the bundle.
     *
     * @param folder must not exist, or be empty
     * @return the folder
     */
    public static Path make(Path folder) throws IOException {
        Path made = folder.toAbsolutePath().normalize();
        if (Files.exists(made) && !isEmptyFolder(made)) {
            throw new BundleFailure("not-empty", made);
        }
        Path busybox = BUSYBOX.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new BundleFailure("no-busybox"));
        Path root = Files.createDirectories(made.resolve("rootfs"));
        for (String directory : DIRECTORIES) {
            Files.createDirectories(root.resolve(directory));
        }
        Path program = Files.copy(busybox, root.resolve("bin/busybox"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : NAMES) {
            Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
        }
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        try (InputStream config = SampleBundle.class.getResourceAsStream("sample-config.json")) {
            Files.copy(Objects.requireNonNull(config, "sample-config.json"), made.resolve("config.json"));
        }
        return made;
    }

    private static boolean isEmptyFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }
}
