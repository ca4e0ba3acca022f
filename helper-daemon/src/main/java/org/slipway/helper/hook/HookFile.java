package org.slipway.helper.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.HookOp.Kind;

/** The file {@code hooks}: frames of output that helper and init add at its end; {@code docs/protocols.md} section 7. */
public final class HookFile {

    /** What a frame carries. */
    public enum Part {
        OUTPUT(1),
        ERRORS(2),
        END(3);

        private final int number;

        Part(int number) {
            this.number = number;
        }
    }

    private static final int HEADER = 12;
    private static final int NONE = 0xffffffff;

    private record Key(int step, int kind, int position) {}

    private final Path file;

    public HookFile(Path file) {
        this.file = file;
    }

    /** Adds output. */
    public void add(int step, Kind kind, int position, Part part, byte[] bytes, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(step).put((byte) kind.number()).put((byte) part.number).putShort((short) position);
        frame.putInt(length).put(bytes, 0, length);
        Files.write(file, frame.array(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Adds the end of a run. */
    public void end(int step, Kind kind, int position, int status, long nanos) throws IOException {
        ByteBuffer end = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(status)
                .putLong(nanos);
        add(step, kind, position, Part.END, end.array(), 12);
    }

    /** All runs so far, in the order in which they began. A frame that is not written wholly yet is left out. */
    public List<HookRun> runs() throws IOException {
        try {
            return parse(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    static List<HookRun> parse(byte[] bytes) {
        Map<Key, Collected> runs = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= HEADER) {
            int step = in.getInt();
            int kind = Byte.toUnsignedInt(in.get());
            int part = Byte.toUnsignedInt(in.get());
            int position = Short.toUnsignedInt(in.getShort());
            int length = in.getInt();
            if (length < 0 || length > in.remaining() || kind >= Kind.values().length) {
                break;
            }
            byte[] payload = new byte[length];
            in.get(payload);
            runs.computeIfAbsent(new Key(step, kind, position), Collected::new).take(part, payload);
        }
        List<HookRun> list = new ArrayList<>();
        runs.values().forEach(run -> list.add(run.value()));
        return list;
    }

    private static final class Collected {
        private final Key key;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        private int status;
        private long nanos;
        private boolean ended;

        Collected(Key key) {
            this.key = key;
        }

        void take(int part, byte[] payload) {
            switch (part) {
                case 1 -> output.writeBytes(payload);
                case 2 -> errors.writeBytes(payload);
                default -> {
                    if (payload.length >= 12) {
                        ByteBuffer end = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
                        status = end.getInt();
                        nanos = end.getLong();
                        ended = true;
                    }
                }
            }
        }

        HookRun value() {
            return new HookRun(
                    Kind.values()[key.kind()],
                    key.position(),
                    key.step() == NONE ? -1 : key.step(),
                    status,
                    ended,
                    nanos,
                    Blob.of(output.toByteArray()),
                    Blob.of(errors.toByteArray()));
        }
    }
}
