package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.lifecycle.Execution;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.run.Body;
import org.slipway.helper.run.Proc;
import org.slipway.helper.run.Stat;
import org.slipway.helper.run.Subject;
import org.slipway.helper.store.Entry;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.Compiled;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Status;

/** What a new helper does with what an earlier one executed in a container: it goes on if its program runs, else it is undone. */
final class ExecAdoption {

    private static final Logger LOG = LoggerFactory.getLogger(ExecAdoption.class);

    private final Engine engine;
    private final Container container;

    ExecAdoption(Engine engine, Container container) {
        this.engine = engine;
        this.container = container;
    }

    void run() throws IOException {
        for (Folder folder : container.subject().folder().executed()) {
            try {
                one(folder);
            } catch (IOException | Failure | RuntimeException e) {
                LOG.warn("{} is left alone: {}", folder.path(), e.toString());
            }
        }
    }

    private void one(Folder folder) throws IOException, Failure {
        Optional<Entry> recorded = folder.entry();
        Optional<Compiled.Ready> plans = folder.intent();
        if (recorded.isEmpty() || plans.isEmpty()) {
            folder.remove(); // the record is written before the keeper is started
            return;
        }
        Entry entry = recorded.get();
        ContainerId id = new ContainerId(entry.id());
        Body body = new Body(engine.reactor(), folder);
        byte[] process = Files.readAllBytes(folder.file("config.json"));
        Subject subject = new Subject(folder, body, process, plans.get(), entry);
        Exec exec = engine.execs().exec(container, id, subject, end(entry));
        exec.companion().settle();
        if (entry.status() == Status.CREATING) {
            Adoption.initAtTheGate(folder).ifPresent(body::born);
        } else {
            Adoption.meet(body, entry);
        }
        if (!runs(body, entry)) {
            LOG.info("{} was half executed, undoing it", folder.path());
            engine.execs().undo(engine.toolbox().tools(), exec);
            engine.execs().forget(exec);
            return;
        }
        body.markExecuted();
        container.execs().put(id, exec);
        container.subject().companions().add(exec.companion());
        engine.execs().begun(exec);
    }

    /** Whether the program was executed; one that has ended since counts, its end is on record. */
    private static boolean runs(Body body, Entry entry) {
        return switch (entry.status()) {
            case CREATING -> false;
            case CREATED ->
                body.init().map(Proc::pid).flatMap(Stat::of).map(Stat::executed).orElse(false);
            default -> true;
        };
    }

    /** Whoever wanted to wait for its end has lost the helper that would have told them. */
    private static Execution.End end(Entry entry) {
        return entry.annotations().getOrDefault(ExecOperations.END, "").equals(Execution.End.KEPT.name())
                ? Execution.End.KEPT
                : Execution.End.FORGOTTEN;
    }
}
