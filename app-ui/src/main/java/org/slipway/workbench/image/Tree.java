package org.slipway.workbench.image;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a root filesystem will be, before a byte of it is written: the layers of an image laid over each other in memory (image-spec,
 * layer.md). Every name is resolved here and here alone. What is written afterwards are the directories of this tree, which are real
 * ones, then files in them, and symbolic links last of all: there is none yet that could lead anywhere while files are written.
 */
final class Tree {

    private static final int MOST_LINKS = 40;
    /** No longer name fits into a call (PATH_MAX), and a walk of it needs little of the stack. */
    private static final int LONGEST = 4095;

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    /** Something in the tree. */
    sealed interface Node {
        /** Which layer put it there: those above may hide it. */
        int layer();
    }

    /** A directory; one that no layer describes has the usual mode. */
    static final class Directory implements Node {
        final Map<String, Node> children = new TreeMap<>();

        @Nullable Entry entry;

        private int layer;

        Directory(int layer) {
            this.layer = layer;
        }

        @Override
        public int layer() {
            return layer;
        }
    }

    /** A file, whose bytes are those of one entry of one layer; the names of hard links have the same entry, each a layer of its own. */
    record File(int layer, int from, int ordinal, Entry entry) implements Node {}

    /** A symbolic link, kept as it is. */
    record Symlink(int layer, Entry entry) implements Node {}

    private final Directory root = new Directory(0);
    private int special;

    Directory root() {
        return root;
    }

    /** How many devices and pipes were left out. */
    int special() {
        return special;
    }

    /**
     * Lays one more entry over what is there.
     *
     * @param ordinal of the entry in its layer
     * @throws ImageFailure if its name, or the link that it is made of, leads out of the tree
     */
    void add(int layer, int ordinal, Entry entry) throws ImageFailure {
        Deque<String> parts = parts(entry.name(), entry.name());
        if (parts.isEmpty()) {
            if (entry.kind() == Entry.Kind.DIRECTORY) {
                root.entry = entry;
            }
            return;
        }
        String name = parts.removeLast();
        if (name.startsWith(WHITEOUT)) {
            hide(layer, parts, name, entry.name());
            return;
        }
        Directory parent = directory(layer, parts, entry.name());
        Node present = parent.children.get(name);
        switch (entry.kind()) {
            case DIRECTORY -> {
                Directory made = present instanceof Directory known ? known : new Directory(layer);
                made.layer = layer;
                made.entry = entry;
                parent.children.put(name, made);
            }
            case FILE -> parent.children.put(name, new File(layer, layer, ordinal, entry));
            case SYMLINK -> parent.children.put(name, new Symlink(layer, entry));
            case HARD_LINK -> {
                Deque<String> target = parts(entry.link(), entry.name());
                parent.children.put(
                        name,
                        switch (find(target, entry.name()).orElse(null)) {
                            case File file -> new File(layer, file.from(), file.ordinal(), file.entry());
                            case Symlink link -> new Symlink(layer, link.entry());
                            case null, default -> throw new ImageFailure("hard-link", entry.name(), entry.link());
                        });
            }
            case SPECIAL -> {
                parent.children.remove(name);
                special++;
            }
        }
    }

    /** The node that a path inside names, symbolic links followed as inside the container. */
    Optional<Located> lookup(String path) {
        try {
            Deque<String> parts = parts(path, path);
            Walk walk = new Walk(path, null);
            return walk.to(parts) ? Optional.of(new Located(walk.path(), walk.here())) : Optional.empty();
        } catch (ImageFailure _) {
            return Optional.empty();
        }
    }

    /** A node, and the path to it that has no link. */
    record Located(String path, Node node) {}

    private void hide(int layer, Deque<String> parts, String name, String whole) throws ImageFailure {
        Walk walk = new Walk(whole, null);
        if (!walk.to(parts) || !(walk.here() instanceof Directory parent)) {
            return;
        }
        if (name.equals(OPAQUE)) {
            prune(parent, layer);
            return;
        }
        String hidden = name.substring(WHITEOUT.length());
        Node present = parent.children.get(hidden);
        if (present instanceof Directory directory) {
            prune(directory, layer);
            if (directory.layer < layer && directory.children.isEmpty()) {
                parent.children.remove(hidden);
            }
        } else if (present != null && present.layer() < layer) {
            parent.children.remove(hidden);
        }
    }

    /** Takes away what lower layers brought: a whiteout hides nothing of its own layer, whatever the order. */
    private static void prune(Directory directory, int layer) {
        directory.children.values().removeIf(child -> {
            if (child instanceof Directory inner) {
                prune(inner, layer);
                return inner.layer < layer && inner.children.isEmpty();
            }
            return child.layer() < layer;
        });
    }

    private Directory directory(int layer, Deque<String> parts, String whole) throws ImageFailure {
        Walk walk = new Walk(whole, layer);
        walk.to(parts);
        if (walk.here() instanceof Directory directory) {
            return directory;
        }
        throw new ImageFailure("below-file", whole);
    }

    /** The node itself, not what it points to if it is a link. */
    private Optional<Node> find(Deque<String> parts, String whole) throws ImageFailure {
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        String name = parts.removeLast();
        Walk walk = new Walk(whole, null);
        return walk.to(parts) && walk.here() instanceof Directory directory
                ? Optional.ofNullable(directory.children.get(name))
                : Optional.empty();
    }

    /** The parts of a name; one with {@code ..} or from the root of the host is refused. */
    private static Deque<String> parts(String name, String whole) throws ImageFailure {
        if (name.startsWith("/") || name.indexOf('\0') >= 0 || name.length() > LONGEST) {
            throw new ImageFailure("escapes", whole);
        }
        Deque<String> parts = split(name);
        if (parts.contains("..")) {
            throw new ImageFailure("escapes", whole);
        }
        return parts;
    }

    private static Deque<String> split(String path) {
        Deque<String> parts = new ArrayDeque<>();
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            String part = path.substring(from, slash < 0 ? path.length() : slash);
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
            from = slash < 0 ? path.length() + 1 : slash + 1;
        }
        return parts;
    }

    /** One walk from the root down; links are followed as in a container, whose root has nothing above it. */
    private final class Walk {
        private final String whole;
        private final @Nullable Integer making;
        private final Deque<Directory> above = new ArrayDeque<>();
        private final Deque<String> names = new ArrayDeque<>();
        private Node here = root;
        private int links;

        Walk(String whole, @Nullable Integer making) {
            this.whole = whole;
            this.making = making;
        }

        Node here() {
            return here;
        }

        String path() {
            return String.join("/", names);
        }

        boolean to(Deque<String> wanted) throws ImageFailure {
            Deque<String> parts = new ArrayDeque<>(wanted);
            while (!parts.isEmpty()) {
                String part = parts.removeFirst();
                if (part.equals("..")) {
                    up();
                    continue;
                }
                if (!(here instanceof Directory directory)) {
                    return false;
                }
                Node next = directory.children.get(part);
                if (next == null && making != null) {
                    next = new Directory(making);
                    directory.children.put(part, next);
                }
                if (next == null) {
                    return false;
                }
                if (next instanceof Symlink link) {
                    follow(link.entry().link(), parts);
                } else {
                    above.addLast(directory);
                    names.addLast(part);
                    here = next;
                }
            }
            return true;
        }

        private void up() throws ImageFailure {
            if (above.isEmpty()) {
                throw new ImageFailure("escapes", whole);
            }
            here = above.removeLast();
            names.removeLast();
        }

        private void follow(String target, Deque<String> parts) throws ImageFailure {
            if (++links > MOST_LINKS) {
                throw new ImageFailure("link-loop", whole);
            }
            if (target.startsWith("/")) {
                above.clear();
                names.clear();
                here = root;
            }
            split(target).descendingIterator().forEachRemaining(parts::addFirst);
        }
    }

    /** The files that are left when all layers are laid over each other, by layer and entry: only those are written. */
    Map<Integer, Map<Integer, List<String>>> contents() {
        Map<Integer, Map<Integer, List<String>>> contents = new HashMap<>();
        collect(root, "", contents);
        return contents;
    }

    private static void collect(Directory directory, String path, Map<Integer, Map<Integer, List<String>>> contents) {
        directory.children.forEach((name, child) -> {
            String below = path.isEmpty() ? name : path + "/" + name;
            switch (child) {
                case Directory inner -> collect(inner, below, contents);
                case File file ->
                    contents.computeIfAbsent(file.from(), _ -> new HashMap<>())
                            .computeIfAbsent(file.ordinal(), _ -> new ArrayList<>())
                            .add(below);
                case Symlink _ -> {}
            }
        });
    }
}
