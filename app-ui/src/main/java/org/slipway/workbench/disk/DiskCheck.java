package org.slipway.workbench.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.JsonNode;

/**
 * Whether what a configuration names is there: root filesystem, program, its interpreter, user, sources of bind mounts, hooks. All
 * of it are warnings, because it may be there by the time the container is made, and another person may see more.
 */
public final class DiskCheck {

    private static final Set<String> HOST_HOOKS =
            Set.of("prestart", "createRuntime", "createContainer", "poststart", "poststop");
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Document document;
    private final Path bundle;
    private final List<Finding> findings = new ArrayList<>();

    private DiskCheck(Document document, Path bundle) {
        this.document = document;
        this.bundle = bundle;
    }

    /** What the disk says to a configuration; waits for the disk. */
    public static List<Finding> of(Document document, Path bundle) {
        DiskCheck check = new DiskCheck(document, bundle);
        check.all();
        return List.copyOf(check.findings);
    }

    /** The root filesystem that a configuration names, if it is there. */
    public static Optional<Rootfs> rootfs(Document document, Path bundle) {
        return text(document, "/root/path").flatMap(path -> path(bundle, path)).map(Rootfs::new);
    }

    private static Optional<String> text(Document document, String pointer) {
        return document.at(pointer).filter(JsonNode::isString).map(JsonNode::asString);
    }

    private static Optional<Path> path(Path bundle, String path) {
        try {
            return Optional.of(bundle.resolve(path).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void warn(String code, String pointer, Map<String, String> arguments) {
        findings.add(Rules.finding(document, Severity.WARNING, code, pointer, arguments));
    }

    private void all() {
        rootfs(document, bundle).ifPresent(root -> {
            if (isThere(root.folder())) {
                program(root);
                user(root);
            }
        });
        sources();
        hooks();
    }

    private boolean isThere(Path root) {
        Map<String, String> arguments = Map.of("path", root.toString());
        if (!Files.exists(root)) {
            warn("disk-root-missing", "/root/path", arguments);
        } else if (!Files.isDirectory(root)) {
            warn("disk-root-no-directory", "/root/path", arguments);
        } else {
            try (Stream<Path> entries = Files.list(root)) {
                if (entries.findAny().isEmpty()) {
                    warn("disk-root-empty", "/root/path", arguments);
                    return false;
                }
                return true;
            } catch (IOException e) {
                // somebody else's root filesystem: whoever makes the container may see it
                return false;
            }
        }
        return false;
    }

    private void program(Rootfs root) {
        String pointer = "/process/args/0";
        Optional<String> name = text(document, pointer).filter(word -> !word.isEmpty());
        if (name.isEmpty()) {
            return;
        }
        String cwd = text(document, "/process/cwd").orElse("/");
        List<String> places = name.get().contains("/")
                ? List.of(name.get().startsWith("/") ? name.get() : cwd + "/" + name.get())
                : Stream.of(searched().split(":"))
                        .filter(folder -> folder.startsWith("/"))
                        .map(folder -> folder + "/" + name.get())
                        .toList();
        if (places.stream().anyMatch(this::isMounted)) {
            return;
        }
        Optional<Path> found = places.stream()
                .flatMap(place -> root.find(place).stream())
                .filter(Files::isRegularFile)
                .findFirst();
        if (found.isEmpty()) {
            warn("disk-program-missing", pointer, Map.of("program", name.get()));
        } else if (!executable(found.get())) {
            warn("disk-program-not-executable", pointer, Map.of("program", name.get()));
        } else {
            Program.interpreter(found.get())
                    .filter(path -> !isMounted(path) && root.find(path).isEmpty())
                    .ifPresent(path -> warn(
                            "disk-interpreter-missing", pointer, Map.of("program", name.get(), "interpreter", path)));
        }
    }

    private String searched() {
        return document.at("/process/env")
                .filter(JsonNode::isArray)
                .flatMap(env -> env.valueStream()
                        .map(each -> each.asString(""))
                        .filter(each -> each.startsWith("PATH="))
                        .findFirst())
                .map(each -> each.substring(5))
                .orElse(USUAL_PATH);
    }

    /** What lies below a mount is not what lies in the root filesystem. */
    private boolean isMounted(String path) {
        return elements("/mounts")
                .anyMatch(pointer -> text(document, pointer + "/destination")
                        .filter(destination -> !destination.equals("/"))
                        .filter(destination -> path.equals(destination) || path.startsWith(destination + "/"))
                        .isPresent());
    }

    private Stream<String> elements(String list) {
        int size =
                document.at(list).filter(JsonNode::isArray).map(JsonNode::size).orElse(0);
        return Stream.iterate(0, i -> i < size, i -> i + 1).map(i -> Pointer.child(list, i));
    }

    /** Whether anybody may execute it: who will is not the person at the window. */
    private static boolean executable(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream()
                    .anyMatch(right -> right.name().endsWith("EXECUTE"));
        } catch (IOException e) {
            return true;
        }
    }

    private void user(Rootfs root) {
        List<Rootfs.Person> people = root.people();
        document.at("/process/user/uid")
                .filter(JsonNode::isIntegralNumber)
                .map(JsonNode::asLong)
                .filter(uid -> uid != 0 && !people.isEmpty())
                .filter(uid -> people.stream().noneMatch(person -> person.uid() == uid))
                .ifPresent(uid -> findings.add(Rules.finding(
                        document,
                        Severity.NOTE,
                        "disk-user-unknown",
                        "/process/user/uid",
                        Map.of("uid", String.valueOf(uid)))));
    }

    private void sources() {
        elements("/mounts")
                .filter(this::binds)
                .forEach(pointer -> text(document, pointer + "/source")
                        .filter(source ->
                                path(bundle, source).filter(Files::exists).isEmpty())
                        .ifPresent(
                                source -> warn("disk-source-missing", pointer + "/source", Map.of("source", source))));
    }

    private boolean binds(String pointer) {
        return text(document, pointer + "/type").filter("bind"::equals).isPresent()
                || elements(pointer + "/options")
                        .anyMatch(option -> text(document, option)
                                .filter(word -> word.equals("bind") || word.equals("rbind"))
                                .isPresent());
    }

    private void hooks() {
        for (String kind : HOST_HOOKS.stream().sorted().toList()) {
            elements("/hooks/" + kind)
                    .forEach(pointer ->
                            text(document, pointer + "/path").ifPresent(path -> hook(pointer + "/path", path)));
        }
    }

    private void hook(String pointer, String named) {
        Optional<Path> file = path(bundle, named).filter(Files::isRegularFile);
        if (file.isEmpty()) {
            warn("disk-hook-missing", pointer, Map.of("path", named));
        } else if (!executable(file.get())) {
            warn("disk-hook-not-executable", pointer, Map.of("path", named));
        }
    }
}
