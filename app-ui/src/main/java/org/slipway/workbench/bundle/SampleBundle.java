package org.slipway.workbench.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Makes a bundle that runs at once: a root filesystem around one static busybox, and a configuration to change. */
public final class SampleBundle {

    private static final List<Path> BUSYBOX =
            List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox"), Path.of("/usr/lib/busybox/bin/busybox"));
    private static final List<String> DIRECTORIES =
            List.of("bin", "dev", "etc", "proc", "root", "run", "sbin", "sys", "tmp");
    private static final List<String> NAMES = List.of(
            "cat",
            "chmod",
            "chown",
            "cp",
            "date",
            "df",
            "echo",
            "env",
            "false",
            "grep",
            "head",
            "hostname",
            "id",
            "ip",
            "kill",
            "ln",
            "ls",
            "mkdir",
            "mount",
            "mv",
            "nc",
            "ping",
            "ps",
            "rm",
            "sed",
            "sh",
            "sleep",
            "stat",
            "stty",
            "tail",
            "top",
            "touch",
            "true",
            "umount",
            "uname",
            "vi",
            "wc",
            "wget");

    /** What busybox' init does in a bundle that boots like a machine: one thing at the start, one that goes on. */
    private static final String INITTAB = """
            ::sysinit:/bin/echo the machine is up
            ::respawn:/bin/sleep 3600
            ::shutdown:/bin/echo the machine goes down
            """;

    private SampleBundle() {}

    /** Makes the bundle that the window shows first. */
    public static Path make(Path folder) throws IOException {
        return make(folder, Template.HOOKS);
    }

    /**
     * Makes a bundle.
     *
     * @param folder must not exist, or be empty
     * @return the folder
     */
    public static Path make(Path folder, Template template) throws IOException {
        Path made = folder.toAbsolutePath().normalize();
        if (Files.exists(made) && !isEmptyFolder(made)) {
            throw new BundleFailure("not-empty", made);
        }
        Path busybox = BUSYBOX.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new BundleFailure("no-busybox"));
        try {
            fill(made, template, busybox);
        } catch (IOException e) {
            throw BundleFailure.of(made, e);
        }
        return made;
    }

    private static void fill(Path made, Template template, Path busybox) throws IOException {
        Path root = Files.createDirectories(made.resolve("rootfs"));
        for (String directory : DIRECTORIES) {
            Files.createDirectories(root.resolve(directory));
        }
        Path program = Files.copy(busybox, root.resolve("bin/busybox"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : NAMES) {
            Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
        }
        Files.createSymbolicLink(root.resolve("sbin/init"), Path.of("../bin/busybox"));
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
        Files.writeString(root.resolve("etc/inittab"), INITTAB);
        // last, so that a folder without it is known to be half made
        Files.writeString(
                made.resolve("config.json"), template.config((Integer) Files.getAttribute(made, "unix:uid"), (Integer)
                        Files.getAttribute(made, "unix:gid")));
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
