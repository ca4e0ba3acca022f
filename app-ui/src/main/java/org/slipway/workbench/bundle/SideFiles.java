package org.slipway.workbench.bundle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.slipway.workbench.memory.StateFolder;
import tools.jackson.databind.node.ObjectNode;

/**
 * One file in the state folder for each bundle that a window has open: whose it is, and the text while it is not saved. The
 * bundle's own file is never written unasked; a window that dies leaves its side file, and the next one finds the edits there.
 *
 * @param window the process id of this window
 * @param began when a process began, empty if there is none of that id: an id is used again after a while
 */
public record SideFiles(StateFolder state, long window, LongFunction<Optional<Instant>> began) {

    private static final String FOLDER = "bundles";

    /**
     * Edits that were not saved by a window that is gone.
     *
     * @param name of the side file
     * @param at when they were kept
     */
    public record Left(String name, Instant at, String text) {}

    /**
     * What is known of a bundle that is being opened.
     *
     * @param left edits of windows that are gone, newest first
     * @param others the process ids of windows that have it open
     */
    record Known(List<Left> left, List<Long> others) {
        Known {
            left = List.copyOf(left);
            others = List.copyOf(others);
        }
    }

    /** Those of this process. */
    public static SideFiles of(StateFolder state) {
        return new SideFiles(state, ProcessHandle.current().pid(), SideFiles::beginOf);
    }

    private static Optional<Instant> beginOf(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
    }

    /** Keeps a text, or with none says only that the bundle is open here. */
    boolean keep(Path folder, Optional<String> text, Instant now) {
        ObjectNode node = StateFolder.object();
        node.put("bundle", folder.toString());
        node.put("window", window);
        node.put("began", began.apply(window).map(Instant::toString).orElse(""));
        node.put("at", now.toString());
        text.ifPresent(kept -> node.put("text", kept));
        return state.write(name(folder), node);
    }

    /** The bundle is not open here any more, or what an earlier window left was dealt with. */
    void drop(Path folder) {
        state.remove(name(folder));
    }

    void drop(Left left) {
        state.remove(left.name());
    }

    /** What windows before this one and beside it say of a bundle; files that say nothing are taken away. */
    Known known(Path folder) {
        List<Left> left = new ArrayList<>();
        List<Long> others = new ArrayList<>();
        for (String name : state.names(FOLDER)) {
            if (!name.startsWith(FOLDER + "/" + digest(folder)) || name.equals(name(folder))) {
                continue;
            }
            Optional<ObjectNode> node = state.read(name)
                    .filter(read -> read.path("bundle").asString("").equals(folder.toString()));
            long pid = node.map(read -> read.path("window").asLong(0)).orElse(0L);
            if (node.isPresent() && isAlive(pid, node.get().path("began").asString(""))) {
                others.add(pid);
            } else {
                node.flatMap(read -> left(name, read)).ifPresentOrElse(left::add, () -> state.remove(name));
            }
        }
        left.sort((one, other) -> other.at().compareTo(one.at()));
        return new Known(left, others);
    }

    private static Optional<Left> left(String name, ObjectNode node) {
        if (!node.path("text").isString()) {
            return Optional.empty();
        }
        Instant at;
        try {
            at = Instant.parse(node.path("at").asString(""));
        } catch (DateTimeException e) {
            at = Instant.EPOCH;
        }
        return Optional.of(new Left(name, at, node.path("text").asString()));
    }

    private boolean isAlive(long pid, String begin) {
        return pid > 0
                && began.apply(pid).map(Instant::toString).filter(begin::equals).isPresent();
    }

    private String name(Path folder) {
        return FOLDER + "/" + digest(folder) + "-" + window + ".json";
    }

    private static String digest(Path folder) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256")
                    .digest(folder.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
