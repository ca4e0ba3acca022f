package org.slipway.helper.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slipway.model.plan.Blob;

/** Runs a filter as the kernel does, on a call that is made up; the instructions are those of seccomp(2) and linux/filter.h. */
final class FilterMachine {

    static final int X86_64 = 0xc000003e;
    static final int I386 = 0x40000003;

    private FilterMachine() {}

    /** What the filter answers: an action with its sixteen bits of data. */
    static int run(Blob filter, int arch, int call, long... args) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, call).putInt(4, arch);
        for (int i = 0; i < args.length; i++) {
            data.putLong(16 + 8 * i, args[i]);
        }
        ByteBuffer program = ByteBuffer.wrap(filter.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int code = program.getShort(8 * at);
            int k = program.getInt(8 * at + 4);
            boolean holds;
            switch (code) {
                case 0x20 -> { // ld [k]
                    accumulator = data.getInt(k);
                    continue;
                }
                case 0x54 -> { // and #k
                    accumulator &= k;
                    continue;
                }
                case 0x05 -> { // ja
                    at += k;
                    continue;
                }
                case 0x06 -> { // ret #k
                    return k;
                }
                case 0x15 -> holds = accumulator == k;
                case 0x25 -> holds = Integer.compareUnsigned(accumulator, k) > 0;
                case 0x35 -> holds = Integer.compareUnsigned(accumulator, k) >= 0;
                case 0x45 -> holds = (accumulator & k) != 0;
                default -> throw new IllegalStateException("instruction " + Integer.toHexString(code));
            }
            at += program.get(8 * at + (holds ? 2 : 3)) & 0xff;
        }
    }
}
