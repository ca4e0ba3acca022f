package org.slipway.helper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.command.BundleWork;
import org.slipway.helper.command.CommandService;
import org.slipway.helper.door.Admission;
import org.slipway.helper.door.ConfinedTier;
import org.slipway.helper.door.Gate;
import org.slipway.helper.door.RuntimeDirectory;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Containers;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;
import org.slipway.helper.varlink.Server;
import org.slipway.helper.varlink.Service;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.state.Status;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.node.ObjectNode;

/** The helper from the moment its containers are known: opens the doors, and ends when it is told to. */
final class Helper implements Service, AutoCloseable {

    /** The administrators' socket. */
    static final String ADMIN = "admin.sock";

    /** Everyone's socket. */
    static final String USER = "user.sock";

    private static final Logger LOG = LoggerFactory.getLogger(Helper.class);
    private static final List<String> NAMESPACES = List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

    /** How often an idle helper looks whether its last container ended; only while it was asked to end. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final RuntimeDirectory directory;
    private final Containers containers;
    private final HostFacts facts;
    private final BundleWork work;
    private final CommandService commands;
    private final Server server;
    private final CountDownLatch end = new CountDownLatch(1);

    Helper(
            RuntimeDirectory directory,
            Reactor reactor,
            Containers containers,
            HostFacts facts,
            OptionalInt administrator,
            ConfinedTier confined) {
        this.directory = directory;
        this.containers = containers;
        this.facts = facts;
        this.work = new BundleWork(() -> facts);
        this.commands = new CommandService(reactor, directory.path().toString(), work);
        this.server = new Server(reactor, new Admission(administrator, confined), this);
    }

    /** Opens the doors; from here on a socket that answers means that the helper is ready. */
    void open() throws IOException {
        server.serve(directory.listen(USER), true);
        server.serve(directory.listen(ADMIN), false);
        LOG.info("ready on {}", directory.path());
    }

    /** Waits until somebody ends the helper. */
    void await() throws InterruptedException {
        end.await();
    }

    /** Whether it was told to end. */
    boolean ends() {
        return end.getCount() == 0;
    }

    /**
     * Ends the helper as soon as nobody is connected and no container lives, once somebody had been connected.
     */
    void endWhenIdle() {
        Thread.ofVirtual().name("idle").start(() -> {
            boolean used = false;
            try {
                while (!used || server.connections() > 0 || alive()) {
                    used |= server.connections() > 0;
                    Thread.sleep(LOOK);
                }
                LOG.info("idle, ending");
                end.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public String version() {
        return work.versions().version();
    }

    @Override
    public ObjectNode facts() {
        ObjectNode all = (ObjectNode) PlanJson.tree(facts);
        ObjectNode helper = Wire.object();
        helper.put("pid", ProcessHandle.current().pid());
        helper.put("directory", directory.path().toString());
        ObjectNode namespaces = helper.putObject("namespaces");
        for (String type : NAMESPACES) {
            try {
                namespaces.put(
                        type,
                        Files.readSymbolicLink(Path.of("/proc/self/ns", type)).toString());
            } catch (IOException e) {
                LOG.debug("no {} namespace here: {}", type, e.getMessage());
            }
        }
        all.set("helper", helper);
        return all;
    }

    @Override
    public Containers containers() {
        return containers;
    }

    /**
     * With force at once; else now if no container lives, and otherwise as soon as the last one has ended. Containers go on in
     * either case.
     */
    @Override
    public void shutdown(boolean force) {
        Thread.ofVirtual().name("shutdown").start(() -> {
            try {
                Thread.sleep(Duration.ofMillis(50)); // the answer to who asked goes out first
                while (!force && alive()) {
                    Thread.sleep(LOOK);
                }
                end.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean alive() {
        try {
            return containers.list(Caller.HELPER, Optional.empty()).stream()
                    .map(ContainerView::status)
                    .anyMatch(status -> status != Status.STOPPED);
        } catch (Failure e) {
            LOG.warn("cannot tell whether a container lives: {}", e.getMessage());
            return true;
        }
    }

    @Override
    public void command(Gate gate, Channel channel, byte[] rest) throws IOException, InterruptedException {
        commands.serve(gate, channel, rest);
    }

    /** Closes the doors and every connection. */
    @Override
    public void close() {
        directory.remove(ADMIN);
        directory.remove(USER);
        server.close();
        end.countDown();
    }
}
