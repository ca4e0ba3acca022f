package org.slipway.helper.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The caller is whoever started this process, which does the command itself. Touches no native code, to be quick. */
public final class OwnProcess implements Client {

    private final Hello hello;
    private final PrintStream out;
    private final PrintStream err;

    /** For the arguments behind {@code --command}. */
    public OwnProcess(List<String> arguments) {
        this(arguments, Path.of("").toAbsolutePath(), System.out, System.err);
    }

    OwnProcess(List<String> arguments, Path directory, PrintStream out, PrintStream err) {
        List<String> environment = System.getenv().entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
        this.hello = new Hello(arguments, environment, directory.toString(), 0, 0);
        this.out = out;
        this.err = err;
    }

    @Override
    public Hello hello() {
        return hello;
    }

    @Override
    public int uid() {
        return own("unix:uid");
    }

    @Override
    public int gid() {
        return own("unix:gid");
    }

    /** Files below our own directory in proc belong to whom we run as. */
    private static int own(String attribute) {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self/stat"), attribute);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void out(byte[] bytes) throws IOException {
        write(out, bytes);
    }

    @Override
    public void err(byte[] bytes) throws IOException {
        write(err, bytes);
    }

    private static void write(PrintStream stream, byte[] bytes) throws IOException {
        stream.write(bytes);
        stream.flush();
    }

    @Override
    public byte[] read(String path, int most) throws FileTrouble {
        return at(path, file -> {
            try (var stream = Files.newInputStream(file)) {
                byte[] bytes = stream.readNBytes(most + 1);
                if (bytes.length > most) {
                    throw new FileTrouble(path, "EFBIG");
                }
                return bytes;
            }
        });
    }

    @Override
    public void make(String path, byte[] bytes) throws FileTrouble {
        write(path, bytes, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void append(String path, byte[] bytes) throws FileTrouble {
        write(path, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void put(String path, byte[] bytes) throws FileTrouble {
        Path temporary = at(
                path,
                file -> Files.write(
                        file.resolveSibling(file.getFileName() + "."
                                + ProcessHandle.current().pid() + ".new"),
                        bytes,
                        StandardOpenOption.CREATE_NEW));
        Path _ = at(path, file -> Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE));
    }

    private void write(String path, byte[] bytes, OpenOption... how) throws FileTrouble {
        boolean _ = at(path, file -> {
            try (OutputStream stream = Files.newOutputStream(file, how)) {
                stream.write(bytes);
                return true;
            }
        });
    }

    private interface Work<T> {
        T on(Path file) throws IOException, FileTrouble;
    }

    private <T> T at(String path, Work<T> work) throws FileTrouble {
        try {
            return work.on(Path.of(hello.absolute(path)));
        } catch (NoSuchFileException e) {
            throw new FileTrouble(path, "ENOENT");
        } catch (AccessDeniedException e) {
            throw new FileTrouble(path, "EACCES");
        } catch (FileAlreadyExistsException e) {
            throw new FileTrouble(path, "EEXIST");
        } catch (FileSystemException e) {
            throw new FileTrouble(path, "" + e.getReason());
        } catch (IOException e) {
            throw new FileTrouble(path, "" + e.getMessage());
        }
    }
}
