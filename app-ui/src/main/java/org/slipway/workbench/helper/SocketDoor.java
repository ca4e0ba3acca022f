package org.slipway.workbench.helper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.model.client.HelperClient;
import org.slipway.model.client.HelperException;
import org.slipway.model.client.HelperGone;
import org.slipway.model.client.Subscription;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Event;
import org.slipway.model.wire.Log;
import org.slipway.model.wire.Name;
import org.slipway.model.wire.Reply;
import tools.jackson.databind.node.ObjectNode;

/** The helper behind the first socket that answers: the one that was named, else the administrator's, else everybody's. */
public final class SocketDoor implements HelperPort.Door {

    private final List<Path> sockets;

    private SocketDoor(List<Path> sockets) {
        this.sockets = List.copyOf(sockets);
    }

    /** The door through one socket, or through the usual ones. */
    public static SocketDoor of(Optional<Path> named) {
        Optional<Path> only = named.or(
                () -> Optional.ofNullable(System.getenv("SLIPWAY_SOCKET")).map(Path::of));
        if (only.isPresent()) {
            return new SocketDoor(List.of(only.get()));
        }
        List<Path> usual = new ArrayList<>();
        usual.add(Path.of("/run/slipway/admin.sock"));
        usual.add(Path.of("/run/slipway/user.sock"));
        Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR"))
                .map(directory -> Path.of(directory, "slipway/admin.sock"))
                .ifPresent(usual::add);
        return new SocketDoor(usual);
    }

    @Override
    public HelperPort connect() throws Refused {
        HelperGone last = null;
        for (Path socket : sockets) {
            if (sockets.size() > 1 && !Files.exists(socket)) {
                continue;
            }
            try {
                Port port = new Port(HelperClient.connect(socket));
                if (!petitioner(port) || socket.equals(sockets.getLast())) {
                    return port;
                }
                port.close(); // who may only ask here may make containers of their own at the next
            } catch (HelperGone e) {
                last = e;
            }
        }
        if (last == null) {
            try {
                return new Port(HelperClient.connect(sockets.getFirst()));
            } catch (HelperGone e) {
                last = e;
            }
        }
        throw new Refused(last.problem(), last);
    }

    private static boolean petitioner(Port port) throws Refused {
        return port.info().tier().equals("petitioner");
    }

    @Override
    public String where() {
        return sockets.getFirst().toString();
    }

    /** The client library, with one kind of exception. */
    private static final class Port implements HelperPort {

        private interface Asked<T> {
            T ask() throws HelperException;
        }

        private final HelperClient client;
        private final List<Subscription> subscriptions = new java.util.concurrent.CopyOnWriteArrayList<>();

        Port(HelperClient client) {
            this.client = client;
        }

        private static <T> T ask(Asked<T> asked) throws Refused {
            try {
                return asked.ask();
            } catch (HelperException e) {
                throw new Refused(e.problem(), e);
            }
        }

        @Override
        public Reply.Info info() throws Refused {
            return ask(client::info);
        }

        @Override
        public List<Container> list() throws Refused {
            return ask(client::list);
        }

        @Override
        public Container create(String id, Path bundle, String config, boolean terminal) throws Refused {
            HelperClient.Streams streams = terminal ? HelperClient.Streams.TERMINAL : HelperClient.Streams.LOG;
            return ask(() -> client.create(id, bundle, config, streams));
        }

        @Override
        public Container start(Name name) throws Refused {
            return ask(() -> client.start(name));
        }

        @Override
        public void kill(Name name, String signal) throws Refused {
            ask(() -> {
                client.kill(name, signal, false);
                return name;
            });
        }

        @Override
        public void delete(Name name) throws Refused {
            ask(() -> {
                client.delete(name, false);
                return name;
            });
        }

        @Override
        public Reply.Trace trace(Name name) throws Refused {
            return ask(() -> client.trace(name));
        }

        @Override
        public List<ObjectNode> hooks(Name name) throws Refused {
            return ask(() -> client.hooks(name));
        }

        @Override
        public List<Log> logs(Name name) throws Refused {
            return ask(() -> client.logs(name));
        }

        @Override
        public void input(Name name, byte[] data) throws Refused {
            ask(() -> {
                client.input(name, data, false);
                return name;
            });
        }

        @Override
        public void watch(Consumer<Event> events, Consumer<Optional<String>> ended) throws Refused {
            subscriptions.add(ask(() -> client.watch(
                    Optional.empty(),
                    events,
                    why -> ended.accept(why.map(failure -> failure.problem().code())))));
        }

        @Override
        public void close() {
            subscriptions.forEach(Subscription::close);
            client.close();
        }
    }
}
