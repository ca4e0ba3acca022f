package org.slipway.workbench.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a program needs to be started: the interpreter of a script (execve(2)), or the loader of an ELF file (elf(5)). */
final class Program {

    private static final int HEAD = 1 << 16;
    private static final int PT_INTERP = 3;

    private Program() {}

    /** The path of the interpreter or loader, if it needs one. */
    static Optional<String> interpreter(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(HEAD);
            if (head.length > 2 && head[0] == '#' && head[1] == '!') {
                return script(new String(head, 2, Math.min(head.length - 2, 254), StandardCharsets.ISO_8859_1));
            }
            boolean elf = head.length >= 64 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
            return elf ? loader(head) : Optional.empty();
        } catch (IOException | IndexOutOfBoundsException e) {
            // what can't be read, or is cut off, says nothing
            return Optional.empty();
        }
    }

    private static Optional<String> script(String line) {
        String first = line.split("\n", 2)[0].strip();
        return Optional.of(first.split("[ \t]", 2)[0]).filter(path -> !path.isEmpty());
    }

    private static Optional<String> loader(byte[] head) {
        boolean wide = head[4] == 2;
        ByteBuffer elf = ByteBuffer.wrap(head).order(head[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long table = wide ? elf.getLong(32) : Integer.toUnsignedLong(elf.getInt(28));
        int size = Short.toUnsignedInt(elf.getShort(wide ? 54 : 42));
        int count = Short.toUnsignedInt(elf.getShort(wide ? 56 : 44));
        for (int i = 0; i < count; i++) {
            int at = Math.toIntExact(Math.min(table + (long) i * size, Integer.MAX_VALUE));
            if (elf.getInt(at) == PT_INTERP) {
                long offset = wide ? elf.getLong(at + 8) : Integer.toUnsignedLong(elf.getInt(at + 4));
                long length = wide ? elf.getLong(at + 32) : Integer.toUnsignedLong(elf.getInt(at + 16));
                if (offset < 0 || length <= 1 || length > 4096 || offset + length > head.length) {
                    return Optional.empty();
                }
                return Optional.of(new String(head, (int) offset, (int) length - 1, StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }
}
