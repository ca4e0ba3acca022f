package org.slipway.helper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;

/** The sealed copy of the launcher from which every keeper and every hook starts; one for the life of the helper. */
public final class Image implements AutoCloseable {

    private final Fd memory;
    private final String path;

    private Image(Fd memory) {
        this.memory = memory;
        // not /proc/self: the child has closed its copy of the descriptor by the time it executes
        this.path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + memory.number();
    }

    /** Copies a program file into memory and seals it. */
    public static Image of(Path program) throws IOException {
        return new Image(Descriptors.sealed("slipway-launch", Files.readAllBytes(program), true));
    }

    /** A path under which it can be executed while this process lives. */
    public String path() {
        return path;
    }

    /** The file itself, sealed: to be handed to a command that starts it. */
    Fd memory() {
        return memory;
    }

    @Override
    public void close() {
        memory.close();
    }
}
