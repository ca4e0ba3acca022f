package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.ExitView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.run.Body;
import org.slipway.helper.run.Proc;
import org.slipway.helper.run.ResultPage;
import org.slipway.helper.run.Stat;
import org.slipway.helper.run.Subject;
import org.slipway.helper.store.Entry;
import org.slipway.helper.store.Folder;
import org.slipway.helper.store.Identity;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Plan;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;

/**
 * What a new helper does with the containers of an earlier one: each is derived from its record and its live processes; what was
 * half made is undone, what was half started is seen to its end.
 */
final class Adoption {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final Engine engine;

    Adoption(Engine engine) {
        this.engine = engine;
    }

    void run() throws IOException {
        List<Folder> folders = Folder.all(engine.root());
        for (Folder folder : folders) {
            try {
                one(folder);
            } catch (IOException | Failure | RuntimeException e) {
                LOG.warn("{} is left alone: {}", folder.path(), e.toString());
                name(folder).ifPresent(name -> engine.broken(new BrokenView(name, String.valueOf(e.getMessage()))));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** By where it lies: its record is not to be relied on. */
    private static Optional<Owned> name(Folder folder) {
        String owner = String.valueOf(folder.path().resolveSibling("").getFileName());
        return ContainerId.parse(String.valueOf(folder.path().getFileName()))
                .map(id -> new Owned(Integer.parseUnsignedInt(owner), id));
    }

    private void one(Folder folder) throws IOException, Failure, InterruptedException {
        Optional<Entry> recorded = folder.entry();
        Optional<Compiled.Ready> plans = folder.intent();
        if (unreadable(recorded, folder.file("state.json")) || unreadable(plans, folder.file("plan"))) {
            throw new IOException("its record can't be read");
        }
        if (recorded.isEmpty() || plans.isEmpty()) {
            LOG.info("{} was reserved and never begun, removing it", folder.path());
            folder.remove();
            return;
        }
        Entry entry = recorded.get();
        Owned name = new Owned(entry.owner(), new ContainerId(entry.id()));
        byte[] config = Files.readAllBytes(folder.file("config.json"));
        Body body = new Body(engine.reactor(), folder);
        Subject subject = new Subject(folder, body, config, plans.get(), entry);
        Drafting.Draft draft = new Drafting.Draft(Drafting.spec(config, entry.rules()), plans.get(), List.of());
        if (entry.status() == Status.CREATING) {
            halfMade(engine.container(name, draft, subject, Container.Operation.CREATE));
            return;
        }
        if (entry.status() == Status.RUNNING || entry.status() == Status.PAUSED) {
            body.markExecuted();
        }
        meet(body, entry);
        Container container = engine.container(name, draft, subject, Container.Operation.NONE);
        Optional<Plan> update = folder.update();
        if (update.isPresent() && body.alive()) {
            LOG.info("an update of {} was half done, taking it back", name);
            engine.operations().abandon(engine.toolbox().tools(), container, update.get());
        }
        boolean starting = entry.status() == Status.CREATED && body.alive() && pastTheGate(folder);
        if (starting) {
            container.take(Container.Operation.START);
        }
        engine.adopt(container);
        new ExecAdoption(engine, container).run();
        if (starting) {
            Thread.ofVirtual().name("resume " + name).start(() -> resume(container));
        }
    }

    /** Both are there before the first deed, so what is missing was never begun; what is there and makes no sense may live. */
    private static boolean unreadable(Optional<?> value, Path file) {
        return value.isEmpty() && Files.exists(file);
    }

    /** Finds the processes that the record names, if they still are those. */
    static void meet(Body body, Entry entry) throws IOException {
        Optional<Proc> init = find(entry.init());
        Optional<Proc> keeper = find(entry.keeper());
        init.ifPresent(body::born);
        if (keeper.isPresent()) {
            body.keptBy(keeper.get(), () -> {});
        } else if (init.isPresent() && !init.get().ended()) {
            body.unkept();
        } else {
            body.ended(body.recorded().orElse(ExitView.UNKNOWN));
        }
    }

    private static Optional<Proc> find(Optional<Identity> identity) throws ErrnoException {
        return identity.isPresent() ? Proc.find(identity.get()) : Optional.empty();
    }

    /** Launcher and init of a broken create end by themselves, unless init stood at the gate already. */
    private void halfMade(Container container) throws Failure, InterruptedException {
        LOG.info("{} was half made, undoing it", container.name());
        Folder folder = container.subject().folder();
        initAtTheGate(folder).ifPresent(container.body()::born);
        engine.operations().undo(engine.toolbox().tools(), container, List.of(), Operations.hooksBegan(container));
    }

    /**
     * The init of a create that was broken off after the gate: its pid stands on the page, and it is ours only if it was not
     * executed and holds the container's gate open.
     */
    static Optional<Proc> initAtTheGate(Folder folder) {
        try {
            ResultPage page = ResultPage.open(folder.file("page"));
            if (page.pid() <= 0) {
                return Optional.empty();
            }
            Optional<Stat> stat = Stat.of(page.pid())
                    .filter(found -> found.alive() && !found.executed() && holds(page.pid(), folder.file("gate")));
            return stat.isPresent()
                    ? Proc.find(new Identity(page.pid(), stat.get().startTime()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether a process has a file open: init alone, with its keeper, has the gate. */
    static boolean holds(int pid, Path file) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSameFile(descriptor, file)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("{} is not known to hold {}: {}", pid, file, e.toString());
        }
        return false;
    }

    private static boolean pastTheGate(Folder folder) throws IOException {
        return ResultPage.open(folder.file("page")).phase().ordinal() > ResultPage.Phase.AT_GATE.ordinal();
    }

    private void resume(Container container) {
        try {
            engine.operations().resume(engine.toolbox().tools(), container);
            container.giveBack();
            engine.begun(container);
            engine.changed(container);
        } catch (Failure e) {
            engine.remove(container);
            engine.trouble(container.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            engine.trouble(container.name(), Failure.host("interrupted", Map.of(), e));
        }
    }
}
