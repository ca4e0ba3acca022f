package org.slipway.helper.log;

import java.io.IOException;
import java.util.Optional;

/** Reads a container's log, line by line. */
public interface LogStream extends AutoCloseable {

    /** The next line; when following, waits for it. Empty at the end. */
    Optional<LogLine> next() throws IOException, InterruptedException;

    @Override
    void close();
}
