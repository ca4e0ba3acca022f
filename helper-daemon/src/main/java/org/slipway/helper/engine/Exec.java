package org.slipway.helper.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.helper.lifecycle.ExecView;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.run.Body;
import org.slipway.helper.run.Companion;
import org.slipway.helper.run.Proc;
import org.slipway.helper.run.ResultPage;
import org.slipway.helper.run.Subject;
import org.slipway.model.plan.Plan;
import org.slipway.model.state.ContainerId;
import org.slipway.model.trace.StepRecord;

/** One process that was executed in a container beside the first one, as long as it is remembered. */
final class Exec {

    private final Container container;
    private final ContainerId id;
    private final Subject subject;
    private final Companion companion;
    private final Tail tail;
    private final Execution.End end;

    Exec(Container container, ContainerId id, Subject subject, Tail tail, Execution.End end) {
        this.container = container;
        this.id = id;
        this.subject = subject;
        this.companion = new Companion(subject.body());
        this.tail = tail;
        this.end = end;
    }

    Container container() {
        return container;
    }

    ContainerId id() {
        return id;
    }

    Subject subject() {
        return subject;
    }

    Body body() {
        return subject.body();
    }

    Companion companion() {
        return companion;
    }

    Tail tail() {
        return tail;
    }

    Execution.End end() {
        return end;
    }

    ExecView view() {
        OptionalInt pid = body().alive()
                ? body().init().map(Proc::pid).map(OptionalInt::of).orElse(OptionalInt.empty())
                : OptionalInt.empty();
        Optional<ExitView> exit = pid.isPresent()
                ? Optional.empty()
                : Optional.ofNullable(body().exit().getNow(null));
        return new ExecView(container.name(), id, pid, exit);
    }

    TraceView trace() throws IOException {
        List<Plan> plans = subject.plans().all();
        List<StepRecord> records = new ArrayList<>(subject.folder().trace());
        records.addAll(nativeRecords());
        records.sort(Comparator.comparing(StepRecord::plan).thenComparingInt(StepRecord::step));
        return new TraceView(plans, records);
    }

    private List<StepRecord> nativeRecords() {
        try {
            return ResultPage.open(subject.folder().file("page")).records();
        } catch (IOException e) {
            return List.of(); // before it is made
        }
    }

    /** Lets go of it; the process lives on. */
    void release() {
        tail.close();
        body().release();
    }
}
