package org.slipway.helper.command;

import java.io.IOException;
import java.io.InterruptedIOException;

/** Whoever typed the command: their streams and files, used with their own rights. */
public interface Client {

    /** What was typed, and where. */
    Hello hello();

    /** Their user id, unsigned. */
    int uid();

    /** Their group id, unsigned. */
    int gid();

    /** Writes to standard output. */
    void out(byte[] bytes) throws IOException;

    /** Writes to standard error. */
    void err(byte[] bytes) throws IOException;

    /**
     * Reads a file of the caller's.
     *
     * @param most in bytes; a larger one is refused
     */
    byte[] read(String path, int most) throws FileTrouble, IOException;

    /** Makes a new file, or fails with EEXIST. */
    void make(String path, byte[] bytes) throws FileTrouble, IOException;

    /** Appends to a file, which is made when it is missing. */
    void append(String path, byte[] bytes) throws FileTrouble, IOException;

    /** Writes a file as a whole, by a temporary one and a rename. */
    void put(String path, byte[] bytes) throws FileTrouble, IOException;

    /** A file that the caller may not or cannot use; {@code errno} is its name, such as {@code ENOENT}. */
    final class FileTrouble extends Exception {

        private final String path;
        private final String errno;

        public FileTrouble(String path, String errno) {
            super(path + ": " + errno);
            this.path = path;
            this.errno = errno;
        }

        public String path() {
            return path;
        }

        public String errno() {
            return errno;
        }
    }

    /** An interrupt inside of I/O, for callers that have no other way to say it. */
    static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
}
