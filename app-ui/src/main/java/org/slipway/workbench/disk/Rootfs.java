package org.slipway.workbench.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A root filesystem as a folder of this machine. Links in it are followed as the container would follow them, never out of it. */
public record Rootfs(Path folder) {

    /** As many links as the kernel follows (path_resolution(7)). */
    private static final int LINKS = 40;

    private static final long LARGEST = 1L << 20;

    /** A line of {@code /etc/passwd}. */
    public record Person(String name, long uid, long gid) {}

    /** The file that a path inside leads to; empty if there is none, or it can't be seen by the person. */
    Optional<Path> find(String path) {
        Deque<String> rest = new ArrayDeque<>(List.of(path.split("/")));
        Path at = folder;
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                Path parent = at.getParent();
                at = at.equals(folder) || parent == null ? at : parent;
                continue;
            }
            try {
                Path next = at.resolve(name);
                if (Files.isSymbolicLink(next)) {
                    String target = Files.readSymbolicLink(next).toString();
                    if (++links > LINKS) {
                        return Optional.empty();
                    }
                    at = target.startsWith("/") ? folder : at;
                    List.of(target.split("/")).reversed().forEach(rest::push);
                } else if (Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                    at = next;
                } else {
                    return Optional.empty();
                }
            } catch (IOException | InvalidPathException e) {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }

    /** The people in its {@code /etc/passwd} (passwd(5)); lines that are none are left out. */
    public List<Person> people() {
        List<Person> people = new ArrayList<>();
        Optional<Path> file = find("/etc/passwd").filter(Files::isRegularFile);
        try {
            if (file.isPresent() && Files.size(file.get()) <= LARGEST) {
                String text = new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8);
                for (String line : text.split("\n", -1)) {
                    String[] parts = line.split(":", -1);
                    if (parts.length >= 4 && parts[2].matches("\\d{1,10}") && parts[3].matches("\\d{1,10}")) {
                        people.add(new Person(parts[0], Long.parseLong(parts[2]), Long.parseLong(parts[3])));
                    }
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return people;
    }
}
