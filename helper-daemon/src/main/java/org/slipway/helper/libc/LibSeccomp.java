package org.slipway.helper.libc;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * libseccomp 2.5 or newer, loaded when the first filter is made. Each method throws {@link ErrnoException} with the library's error when
 * it refuses; a missing library is an {@link UnsatisfiedLinkError}. A filter belongs to one thread, and must be closed.
 */
public final class LibSeccomp implements AutoCloseable {

    /** The number of no system call. */
    public static final int UNKNOWN = -1;

    private static final int CTL_OPTIMIZE = 8;
    private static final int BINARY_TREE = 2;
    private static final int CONDITION = 24;

    static {
        Native.register(LibSeccomp.class, "libseccomp.so.2");
    }

    /**
     * A condition on one argument of a system call.
     *
     * @param operator SCMP_CMP_… number
     */
    public record Condition(int index, int operator, long value, long second) {}

    private @Nullable Pointer context;

    private LibSeccomp(Pointer context) {
        this.context = context;
    }

    private static native @Nullable Pointer seccomp_init(int action);

    private static native void seccomp_release(Pointer context);

    private static native int seccomp_arch_add(Pointer context, int arch);

    private static native int seccomp_attr_set(Pointer context, int attribute, int value);

    private static native int seccomp_syscall_resolve_name(byte[] name);

    private static native int seccomp_rule_add_array(
            Pointer context, int action, int call, int count, Pointer conditions);

    private static native int seccomp_export_bpf(Pointer context, int fd);

    /** An empty filter for the native architecture. */
    public static LibSeccomp of(int defaultAction) throws ErrnoException {
        @Nullable Pointer context = seccomp_init(defaultAction);
        if (context == null) {
            throw new ErrnoException("seccomp_init(" + Integer.toHexString(defaultAction) + ")", Errno.EINVAL);
        }
        // large filters are searched as a tree; older than 2.5 goes on with a list
        int _ = seccomp_attr_set(context, CTL_OPTIMIZE, BINARY_TREE);
        return new LibSeccomp(context);
    }

    /** The number of a system call, or {@link #UNKNOWN}; other negative numbers are calls of other architectures. */
    public static int call(String name) {
        return seccomp_syscall_resolve_name(C.text(name));
    }

    /** Adds an architecture; one that is there already stays. */
    public void architecture(int token) throws ErrnoException {
        int result = seccomp_arch_add(context(), token);
        if (result < 0 && -result != Errno.EEXIST.number()) {
            throw refused("seccomp_arch_add", result);
        }
    }

    /** Adds a rule: all conditions hold together. */
    public void rule(int action, int call, List<Condition> conditions) throws ErrnoException {
        try (Memory array = new Memory((long) CONDITION * Math.max(1, conditions.size()))) {
            array.clear();
            for (int i = 0; i < conditions.size(); i++) {
                long at = (long) CONDITION * i;
                Condition condition = conditions.get(i);
                array.setInt(at, condition.index());
                array.setInt(at + 4, condition.operator());
                array.setLong(at + 8, condition.value());
                array.setLong(at + 16, condition.second());
            }
            int result = seccomp_rule_add_array(context(), action, call, conditions.size(), array);
            if (result < 0 && -result != Errno.EEXIST.number()) {
                throw refused("seccomp_rule_add", result);
            }
        }
    }

    /** The filter as {@code struct sock_filter[]}, written to a memory file. */
    public void export(Fd memory) throws ErrnoException {
        int result = seccomp_export_bpf(context(), memory.number());
        if (result < 0) {
            throw refused("seccomp_export_bpf", result);
        }
    }

    private Pointer context() {
        if (context == null) {
            throw new IllegalStateException("the filter is released");
        }
        return context;
    }

    private static ErrnoException refused(String call, int result) {
        return new ErrnoException(call + "()", new Errno(-result));
    }

    @Override
    public void close() {
        if (context != null) {
            seccomp_release(context);
            context = null;
        }
    }
}
