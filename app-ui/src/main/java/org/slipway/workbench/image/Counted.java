package org.slipway.workbench.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes that are counted, and end with a failure past a limit or when the person cancels. */
final class Counted extends FilterInputStream {

    private final long most;
    private final Watch watch;
    private long count;

    Counted(InputStream in, long most, Watch watch) {
        super(in);
        this.most = most;
        this.watch = watch;
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        return (int) passed(read < 0 ? -1 : 1) < 0 ? -1 : read;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        return (int) passed(super.read(bytes, from, length));
    }

    @Override
    public long skip(long wanted) throws IOException {
        return passed(super.skip(wanted));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private long passed(long bytes) throws IOException {
        if (watch.cancelled()) {
            throw new ImageFailure("cancelled");
        }
        if (bytes > 0) {
            count += bytes;
            if (count > most) {
                throw new ImageFailure("too-large", most);
            }
        }
        return bytes;
    }
}
