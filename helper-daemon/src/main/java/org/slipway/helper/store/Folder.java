package org.slipway.helper.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.trace.StepRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;

/** The directory of one container. Whoever operates on the container is the only writer. */
public final class Folder {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectWriter TRACE = JSON.writerFor(StepRecord.class).withRootValueSeparator("\n");

    private static final int MOST_TRIES = 10;
    private static final Pattern OWNER = Pattern.compile("[0-9]{1,10}");

    private final Path path;

    private Folder(Path path) {
        this.path = path;
    }

    /** The directory at that path, which may not exist. */
    public static Folder at(Path path) {
        return new Folder(path);
    }

    public Path path() {
        return path;
    }

    /** A file in it. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /** Makes it, and its parent if needed; EEXIST when the id is taken. */
    public void reserve() throws ErrnoException {
        for (int tries = 0; ; tries++) {
            try {
                Descriptors.mkdir(path.toString(), 0700);
                return;
            } catch (ErrnoException e) {
                // the owner's last other container may just take the parent along: see remove
                if (!e.is(Errno.ENOENT) || tries == MOST_TRIES) {
                    throw e;
                }
            }
            makeParent();
        }
    }

    private void makeParent() throws ErrnoException {
        Path parent = path.resolveSibling("");
        try {
            Files.createDirectories(
                    parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new ErrnoException("mkdir(\"" + parent + "\")", Errno.EACCES);
        }
    }

    /** Writes the intent, before the first deed. */
    public void intend(byte[] config, Compiled.Ready plans) throws IOException {
        Files.write(file("config.json"), config, StandardOpenOption.CREATE_NEW);
        Files.write(file("plan"), written(plans), StandardOpenOption.CREATE_NEW);
    }

    /** Replaces the plans: start has another one than create foresaw. */
    public void replan(Compiled.Ready plans) throws IOException {
        Path fresh = file("plan.new");
        Files.write(fresh, written(plans));
        Files.move(fresh, file("plan"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Plans as they are written to disk. */
    public static byte[] written(Compiled.Ready plans) {
        return PlanJson.bytes(plans);
    }

    /** The intent, or empty when it was not written wholly. */
    public Optional<Compiled.Ready> intent() throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file("plan")), Compiled.Ready.class));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Replaces the record; on a full file system the old one is written over, if the new one is no longer. */
    public void record(Entry entry) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(entry);
        Path fresh = file("state.json.new");
        try {
            Files.write(fresh, bytes);
            Files.move(fresh, file("state.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            if (!overwritten(bytes)) {
                throw e;
            }
        }
    }

    /** In one write, which takes no new block and is followed by spaces. */
    private boolean overwritten(byte[] bytes) throws IOException {
        Path old = file("state.json");
        if (!Files.exists(old) || Files.size(old) < bytes.length) {
            return false;
        }
        byte[] padded = Arrays.copyOf(bytes, (int) Files.size(old));
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        Files.write(old, padded, StandardOpenOption.WRITE);
        return true;
    }

    /** The record, or empty when there is none that can be read. */
    public Optional<Entry> entry() throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file("state.json")), Entry.class));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Replaces what the configuration has become. */
    public void recordEffective(byte[] config) throws IOException {
        replace("effective.json", config);
        over();
    }

    private void replace(String name, byte[] bytes) throws IOException {
        Path fresh = file(name + ".new");
        try {
            Files.write(fresh, bytes);
            Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /** What the configuration has become; empty if it was never updated. */
    public Optional<byte[]> effective() throws IOException {
        return bytes("effective.json");
    }

    private Optional<byte[]> bytes(String name) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes an update's plan, before its first deed. */
    public void beginUpdate(Plan plan) throws IOException {
        replace("update", JSON.writeValueAsBytes(plan));
    }

    /** The update is done, or taken back. */
    public void endUpdate(List<StepRecord> records) throws IOException {
        StringBuilder lines = new StringBuilder();
        records.forEach(record -> lines.append(JSON.writeValueAsString(record)).append('\n'));
        replace("updated.jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
        over();
    }

    private void over() throws IOException {
        if (Files.exists(file("update"))) {
            Files.move(file("update"), file("updated"), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The plan of an update that was begun and not ended. */
    public Optional<Plan> update() throws IOException {
        return plan("update");
    }

    /** The plan of the last update that ended. */
    public Optional<Plan> updated() throws IOException {
        return plan("updated");
    }

    private Optional<Plan> plan(String name) throws IOException {
        try {
            return bytes(name).map(bytes -> JSON.readValue(bytes, Plan.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** What became of the last update's steps. */
    public List<StepRecord> updatedTrace() throws IOException {
        return records("updated.jsonl");
    }

    /** Adds to the trace of the helper's own steps. */
    public void trace(List<StepRecord> records) throws IOException {
        if (records.isEmpty()) {
            return;
        }
        var lines = new ByteArrayOutputStream();
        try (SequenceWriter writer = TRACE.writeValues(lines)) {
            writer.writeAll(records);
        }
        lines.write('\n');
        Files.write(file("trace.jsonl"), lines.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The trace of the helper's own steps; a last line that was cut off is left out. */
    public List<StepRecord> trace() throws IOException {
        return records("trace.jsonl");
    }

    private List<StepRecord> records(String name) throws IOException {
        List<StepRecord> records = new ArrayList<>();
        if (Files.exists(file(name))) {
            for (String line : Files.readAllLines(file(name))) {
                try {
                    records.add(JSON.readValue(line, StepRecord.class));
                } catch (JacksonException e) {
                    break;
                }
            }
        }
        return records;
    }

    /** The keeper's record of the end, or empty. */
    public Optional<ExitFile> exit() throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file("exit.json")), ExitFile.class));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** The contents of {@code exit.json}. */
    public record ExitFile(int status, int signal, boolean core, boolean executed, String exitedAt) {}

    /** Removes it with all that is in it, and with the owner's last container the owner's directory. Missing is fine. */
    public void remove() throws IOException {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                // removed by somebody else meanwhile: an executed process that ended takes its own directory away
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // removed already
        }
        Path parent = path.resolveSibling("");
        if (OWNER.matcher(String.valueOf(parent.getFileName())).matches()) {
            try {
                Files.deleteIfExists(parent);
            } catch (DirectoryNotEmptyException e) {
                // the owner has others
            }
        }
    }

    /** The directories of what was executed in this container. */
    public List<Folder> executed() throws IOException {
        List<Folder> folders = new ArrayList<>();
        Path all = file("exec");
        if (Files.isDirectory(all)) {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(all, Files::isDirectory)) {
                names.forEach(name -> folders.add(new Folder(name)));
            }
        }
        return folders;
    }

    /** The directories of all containers below a state directory. */
    public static List<Folder> all(Path root) throws IOException {
        List<Folder> folders = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return folders;
        }
        try (DirectoryStream<Path> owners = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path owner : owners) {
                if (!OWNER.matcher(owner.getFileName().toString()).matches()) {
                    continue;
                }
                try (DirectoryStream<Path> names = Files.newDirectoryStream(owner, Files::isDirectory)) {
                    names.forEach(name -> folders.add(new Folder(name)));
                }
            }
        }
        return folders;
    }
}
