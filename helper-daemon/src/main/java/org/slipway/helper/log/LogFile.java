package org.slipway.helper.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.model.plan.Blob;

/**
 * Reads {@code log}, and {@code log.1} before it, as one stream of lines; {@code docs/protocols.md} section 6. A line that is not written wholly yet
 * is left for the next time.
 */
public final class LogFile implements AutoCloseable {

    private static final int BUFFER = 65536;

    private final Path current;
    private final Path older;
    private Optional<FileChannel> open = Optional.empty();
    private @Nullable Object key;
    private byte[] rest = new byte[0];
    private boolean first = true;

    /** A reader that stands at the beginning of what is kept. */
    public LogFile(Path folder) {
        this.current = folder.resolve("log");
        this.older = folder.resolve("log.1");
    }

    /** Leaves out all there is now. */
    public void skip() throws IOException {
        first = false;
        if (attach(current)) {
            FileChannel channel = open.orElseThrow();
            channel.position(channel.size());
        }
    }

    /** The lines that have come since the last time. */
    public List<LogLine> read() throws IOException {
        List<LogLine> lines = new ArrayList<>();
        if (first) {
            first = false;
            if (attach(older)) {
                drain(lines);
                close();
            }
        }
        if (open.isEmpty() && !attach(current)) {
            return lines;
        }
        drain(lines);
        if (!Objects.equals(key, key(current))) { // it was renamed while we read: the rest of it, then the new one
            drain(lines);
            close();
            if (attach(current)) {
                drain(lines);
            }
        }
        return lines;
    }

    private boolean attach(Path file) throws IOException {
        try {
            key = key(file);
            open = Optional.of(FileChannel.open(file, StandardOpenOption.READ));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void drain(List<LogLine> lines) throws IOException {
        FileChannel channel = open.orElseThrow();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (int count = channel.read(buffer); count > 0; count = channel.read(buffer.clear())) {
            int kept = rest.length;
            byte[] all = Arrays.copyOf(rest, kept + count);
            System.arraycopy(buffer.array(), 0, all, kept, count);
            rest = split(all, lines);
        }
    }

    private static byte[] split(byte[] bytes, List<LogLine> lines) {
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                parse(bytes, begin, i).ifPresent(lines::add);
                begin = i + 1;
            }
        }
        return Arrays.copyOfRange(bytes, begin, bytes.length);
    }

    /** {@code TIME STREAM F|P TEXT}; what is otherwise is left out. */
    static Optional<LogLine> parse(byte[] bytes, int from, int to) {
        int time = indexOf(bytes, from, to);
        int stream = time < 0 ? -1 : indexOf(bytes, time + 1, to);
        int flag = stream < 0 ? -1 : indexOf(bytes, stream + 1, to);
        if (flag < 0) {
            return Optional.empty();
        }
        return Optional.of(new LogLine(
                text(bytes, time + 1, stream),
                text(bytes, from, time),
                text(bytes, stream + 1, flag).equals("P"),
                Blob.of(Arrays.copyOfRange(bytes, flag + 1, to))));
    }

    private static int indexOf(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            open = Optional.empty();
            rest = new byte[0];
        }
    }
}
