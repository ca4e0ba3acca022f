package org.slipway.packaging;

import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** A bundle with the configuration that {@code slipway spec} writes, over one static busybox. */
final class Bundle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> APPLETS = List.of(
            "cat",
            "date",
            "echo",
            "env",
            "false",
            "hostname",
            "id",
            "ls",
            "mount",
            "sh",
            "sleep",
            "setsid",
            "stat",
            "true",
            "uname",
            "wc");

    private static final long PID = ProcessHandle.current().pid();

    private final Path directory;

    private Bundle(Path directory) {
        this.directory = directory;
    }

    /** Makes a bundle in {@code directory}, whose program is {@code /bin/sh -c script}. */
    static Bundle in(Path directory, String script) {
        try {
            var bundle = new Bundle(Files.createDirectories(directory));
            bundle.makeRoot();
            Shell.output(Helper.program("slipway"), "spec", "--bundle", directory.toString());
            bundle.edit(config -> {
                config.withObject("/linux").put("cgroupsPath", "/slipway-test-" + PID + "/" + directory.getFileName());
                config.withObject("/process").put("terminal", false);
            });
            bundle.args("/bin/sh", "-c", script);
            return bundle;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return directory;
    }

    String text() {
        return directory.toString();
    }

    Path config() {
        return directory.resolve("config.json");
    }

    Path rootfs() {
        return directory.resolve("rootfs");
    }

    Bundle edit(Consumer<ObjectNode> change) {
        try {
            var config = (ObjectNode) JSON.readTree(Files.readString(config()));
            change.accept(config);
            Files.writeString(config(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves the place of the cgroup to the runtime, which takes one named for owner and id: that must then be unique here. */
    Bundle defaultCgroup() {
        return edit(config -> config.withObject("/linux").remove("cgroupsPath"));
    }

    /** Adds a hook of this kind: a script of the shell. Hooks of kind startContainer lie in the root filesystem. */
    Bundle hook(String kind, String script, int timeout) {
        boolean inside = kind.equals("startContainer");
        var file = executable((inside ? rootfs() : directory).resolve("hook-" + kind), "#!/bin/sh\n" + script + "\n");
        return hookPath(kind, inside ? "/hook-" + kind : file.toString(), timeout);
    }

    /** Adds a hook of this kind, whatever is at the path. */
    Bundle hookPath(String kind, String path, int timeout) {
        return edit(config -> {
            var hook = config.withObject("/hooks").withArray("/" + kind).addObject();
            hook.put("path", path);
            hook.set("args", JSON.valueToTree(List.of(kind)));
            hook.put("timeout", timeout);
        });
    }

    Bundle args(String... args) {
        return edit(config -> config.withObject("/process").set("args", JSON.valueToTree(List.of(args))));
    }

    private Path executable(Path file, String text) {
        try {
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(file, fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeRoot() throws IOException {
        for (var name : List.of("bin", "dev", "etc", "proc", "sys", "tmp")) {
            Files.createDirectories(rootfs().resolve(name));
        }
        var busybox = Path.of(Shell.output("sh", "-c", "command -v busybox").strip());
        Files.copy(busybox, rootfs().resolve("bin/busybox"));
        Files.setPosixFilePermissions(rootfs().resolve("bin/busybox"), fromString("rwxr-xr-x"));
        for (var applet : APPLETS) {
            Files.createSymbolicLink(rootfs().resolve("bin").resolve(applet), Path.of("busybox"));
        }
    }
}
