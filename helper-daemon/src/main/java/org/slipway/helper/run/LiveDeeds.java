package org.slipway.helper.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.cgroup.Freezer;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Scheduling;
import org.slipway.helper.libc.Scheduling.Attributes;
import org.slipway.helper.libc.Scheduling.Limit;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.systemd.Systemd;
import org.slipway.model.plan.LiveOp;

/** What the helper does to a container that lives. */
final class LiveDeeds {

    private final Subject subject;

    LiveDeeds(Subject subject) {
        this.subject = subject;
    }

    /** Does a step; false if there was nothing to do. */
    boolean run(LiveOp op) throws IOException, InterruptedException {
        switch (op) {
            case LiveOp.FreezeCgroup freeze -> Freezer.freeze(freeze.path(), Duration.ofMillis(freeze.timeoutMillis()));
            case LiveOp.ThawCgroup thaw -> Freezer.thaw(thaw.path(), Duration.ofMillis(thaw.timeoutMillis()));
            case LiveOp.ChangeRlimit change ->
                Crowd.processes(change.cgroup()).change(subject.former(LiveOp.what(change)), pid -> {
                    Limit former = Scheduling.limit(pid, change.resource(), new Limit(change.soft(), change.hard()));
                    return () -> {
                        Limit _ = Scheduling.limit(pid, change.resource(), former);
                    };
                });
            case LiveOp.ChangeOomScoreAdj change ->
                Crowd.processes(change.cgroup()).change(subject.former(LiveOp.what(change)), pid -> {
                    String file = "/proc/" + pid + "/oom_score_adj";
                    String former = read(file);
                    Cgroups.write(file, Integer.toString(change.value()));
                    return () -> Cgroups.write(file, former);
                });
            case LiveOp.ChangeScheduler change -> {
                Attributes wanted = new Attributes(
                        change.policy(),
                        change.flags(),
                        change.nice(),
                        change.priority(),
                        change.runtime(),
                        change.deadline(),
                        change.period());
                Crowd.threads(change.cgroup()).change(subject.former(LiveOp.what(change)), thread -> {
                    Attributes former = Scheduling.attributes(thread);
                    Scheduling.schedule(thread, wanted);
                    return () -> Scheduling.schedule(thread, former);
                });
            }
            case LiveOp.ChangeIoPriority change -> {
                int wanted = Scheduling.ioPriority(change.category(), change.level());
                Crowd.threads(change.cgroup()).change(subject.former(LiveOp.what(change)), thread -> {
                    int former = Scheduling.ioPriority(thread);
                    Scheduling.prioritize(thread, wanted);
                    return () -> Scheduling.prioritize(thread, former);
                });
            }
            case LiveOp.RestoreProcesses restore -> {
                return subject.former(restore.what()).restore();
            }
            case LiveOp.MoveProcesses move ->
                Crowd.processes(move.cgroup()).each(pid -> Cgroups.move(move.file(), pid));
            case LiveOp.SetScopeProperties set -> Systemd.set(set.unit(), set.properties());
            case LiveOp.ReplaceDeviceFilter filter -> {
                return Cgroups.replaceDeviceFilter(
                        filter.cgroup(), filter.program().bytes());
            }
            case LiveOp.AwaitEnd await -> {
                return ended(Duration.ofMillis(await.timeoutMillis()));
            }
            case LiveOp.RecordConfiguration _ -> subject.recordEffective();
        }
        return true;
    }

    private boolean ended(Duration patience) throws IOException, InterruptedException {
        try {
            ExitView _ = subject.body().exit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static String read(String file) throws ErrnoException {
        try (Fd fd = Descriptors.open(file, Descriptors.O_RDONLY, 0)) {
            byte[] text = new byte[64];
            int count = Descriptors.read(fd, text);
            if (count <= 0) {
                throw new ErrnoException("read(\"" + file + "\")", Errno.EIO);
            }
            return new String(text, 0, count, StandardCharsets.US_ASCII).strip();
        }
    }
}
