package org.slipway.helper.run;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.trace.StepRecord;
import org.slipway.model.trace.StepRecord.Result;

/**
 * The page on which keeper, launcher and init leave what became of their steps; {@code docs/protocols.md} section 4. Made by the
 * helper before the keeper starts, and mapped by all: a result needs no system call and survives the helper.
 */
public final class ResultPage {

    /** How far the container's first process came. */
    public enum Phase {
        SETTING_UP,
        AT_GATE,
        STARTING,
        EXECUTING,
        FAILED
    }

    /**
     * What init says it failed at.
     *
     * @param step its index in that plan
     * @param errno the error's number
     * @param text what it was tried on
     * @param detail the value of the step's record
     */
    public record Fault(PlanKind plan, int step, int errno, String text, long detail) {}

    private static final int MAGIC = 0x47504c53; // "SLPG"
    private static final int VERSION = 1;
    private static final int HEADER = 4096;
    private static final int RECORD = 32;
    private static final int LISTENER = 28;
    private static final int TEXT = 64;
    private static final int TEXT_SIZE = 960;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final MappedByteBuffer page;
    private final int createSteps;
    private final int startSteps;

    private ResultPage(MappedByteBuffer page, int createSteps, int startSteps) {
        this.page = page;
        this.createSteps = createSteps;
        this.startSteps = startSteps;
    }

    /** Makes the file, which must not exist, for two plans with that many steps. */
    public static ResultPage make(Path file, int createSteps, int startSteps) throws IOException {
        long size = HEADER + (long) RECORD * (createSteps + startSteps);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            page.order(ByteOrder.LITTLE_ENDIAN);
            page.putInt(4, VERSION)
                    .putInt(8, createSteps)
                    .putInt(12, startSteps)
                    .putInt(0, MAGIC);
            return new ResultPage(page, createSteps, startSteps);
        }
    }

    /** Maps an existing one. */
    public static ResultPage open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < HEADER) {
                throw new IOException("the result page has " + size + " bytes");
            }
            MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            page.order(ByteOrder.LITTLE_ENDIAN);
            int create = page.getInt(8);
            int start = page.getInt(12);
            if (page.getInt(0) != MAGIC
                    || page.getInt(4) != VERSION
                    || create < 0
                    || start < 0
                    || size != HEADER + (long) RECORD * ((long) create + start)) {
                throw new IOException("not a result page");
            }
            return new ResultPage(page, create, start);
        }
    }

    /** How far init came. */
    public Phase phase() {
        int number = page.getInt(16);
        return number >= 0 && number < Phase.values().length ? Phase.values()[number] : Phase.FAILED;
    }

    /** The errno that stands on the page, 0 for none. */
    public int errno() {
        return page.getInt(24);
    }

    /** What failed, if the page says so. */
    public Optional<Fault> fault() {
        int errno = errno();
        if (phase() != Phase.FAILED && errno == 0) {
            return Optional.empty();
        }
        int step = page.getInt(20);
        boolean start = step >= createSteps;
        boolean recorded = step >= 0 && step < createSteps + startSteps;
        return Optional.of(new Fault(
                start ? PlanKind.START : PlanKind.CREATE,
                start ? step - createSteps : step,
                errno,
                text(),
                recorded ? page.getLong(HEADER + RECORD * step + 24) : 0));
    }

    /** Init's pid as the keeper sees it, 0 before it exists. */
    public int pid() {
        return page.getInt(32);
    }

    /** Init's number of the listener of its filter, while it waits for somebody to take it. */
    public OptionalInt listener() {
        int plusOne = (int) INT.getAcquire(page, LISTENER);
        return plusOne > 0 ? OptionalInt.of(plusOne - 1) : OptionalInt.empty();
    }

    /** Tells init that its listener was taken. */
    public static void listenerTaken(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, HEADER);
            INT.setRelease(page, LISTENER, 0);
        }
    }

    private String text() {
        byte[] bytes = new byte[TEXT_SIZE];
        page.get(TEXT, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** The records of all steps that have begun, create's first. */
    public List<StepRecord> records() {
        Optional<Fault> fault = fault();
        List<StepRecord> records = new ArrayList<>();
        for (int i = 0; i < createSteps + startSteps; i++) {
            int at = HEADER + RECORD * i;
            int state = page.getInt(at);
            if (state < 1 || state > Result.values().length) {
                continue;
            }
            PlanKind plan = i < createSteps ? PlanKind.CREATE : PlanKind.START;
            int step = i < createSteps ? i : i - createSteps;
            boolean failed = fault.isPresent()
                    && fault.get().plan() == plan
                    && fault.get().step() == step;
            records.add(new StepRecord(
                    plan,
                    step,
                    Result.values()[state - 1],
                    page.getInt(at + 4),
                    page.getLong(at + 8),
                    page.getLong(at + 16),
                    failed ? fault.get().text() : ""));
        }
        return records;
    }
}
