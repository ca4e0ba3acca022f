package org.slipway.helper.run;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.store.Entry;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.Compiled;
import org.slipway.model.state.Status;

/** What a plan is run on: one container's record and processes. Whoever operates on the container holds it alone. */
public final class Subject {

    private final Folder folder;
    private final Body body;
    private final byte[] config;
    private volatile Compiled.Ready plans;
    private final Map<String, Crowd.Former> former = new ConcurrentHashMap<>();
    private volatile Entry entry;
    private volatile byte[] proposed = {};
    private volatile Terminal terminal = (_, _) -> {
        throw new ErrnoException("resizing a terminal", Errno.EPIPE);
    };
    private final Set<Companion> companions = ConcurrentHashMap.newKeySet();

    public Subject(Folder folder, Body body, byte[] config, Compiled.Ready plans, Entry entry) {
        this.folder = folder;
        this.body = body;
        this.config = config.clone();
        this.plans = plans;
        this.entry = entry;
    }

    /** Who holds the container's terminal. */
    public interface Terminal {
        /** Gives it another size. */
        void resize(int rows, int columns) throws IOException;
    }

    /** Names the holder of its terminal. */
    public void terminal(Terminal holder) {
        terminal = holder;
    }

    void resizeTerminal(int rows, int columns) throws IOException {
        terminal.resize(rows, columns);
    }

    public Folder folder() {
        return folder;
    }

    public Body body() {
        return body;
    }

    public Compiled.Ready plans() {
        return plans;
    }

    /** Another start plan than the one of create; it is recorded before it runs. */
    public void restart(Compiled.Ready fresh) throws IOException {
        folder.replan(fresh);
        plans = fresh;
    }

    /** What was executed in the container beside its first process, and is not removed yet. */
    public Set<Companion> companions() {
        return companions;
    }

    /** The record as it was written last. */
    public Entry entry() {
        return entry;
    }

    /** The bytes of the configuration as they are recorded. */
    public byte[] config() {
        return config;
    }

    /** What the configuration becomes with the update that is about to be done. */
    public void propose(byte[] next) {
        proposed = next.clone();
        former.clear();
    }

    void recordEffective() throws IOException {
        folder.recordEffective(proposed);
    }

    /** What processes had before a step of this update, by what it changes. */
    Crowd.Former former(String what) {
        return former.computeIfAbsent(what, _ -> new Crowd.Former());
    }

    /** Writes a new record. */
    public void record(Status status) throws IOException {
        Entry next = entry.with(
                status, body.init().map(Proc::identity), body.keeper().map(Proc::identity));
        folder.record(next);
        entry = next;
    }
}
