package org.slipway.helper.libc;

import java.io.IOException;

/** A call that the kernel refused: what was called on what, and the error. */
public final class ErrnoException extends IOException {

    private final String call;
    private final Errno errno;

    /**
     * Names what failed.
     *
     * @param call the call as a person would write it, such as {@code openat("/proc/1/stat")}
     */
    public ErrnoException(String call, Errno errno) {
        super(call + ": " + errno);
        this.call = call;
        this.errno = errno;
    }

    public String call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }

    /** Whether it is that error. */
    public boolean is(Errno other) {
        return errno.equals(other);
    }
}
