package org.slipway.helper.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.reactor.Channel;

/** Kernel parameters as they are in a container's namespaces, from {@code slipway-launch look}; {@code docs/protocols.md} section 11. */
public final class Look {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int VALUE = 50;
    private static final int SIGKILL = 9;

    private Look() {}

    /**
     * What one of them holds.
     *
     * @param namespaces CLONE_NEW… bits of what is entered
     * @param path below {@code /proc/sys}
     * @return without the line's end; empty if it is not there or can't be read
     */
    public static Optional<String> at(Tools tools, Proc process, long namespaces, String path)
            throws IOException, InterruptedException {
        Fd[] pair = Sockets.pairForChild(Sockets.SOCK_SEQPACKET);
        try (Channel ours = new Channel(tools.reactor(), pair[0])) {
            int pid = spawn(tools, process, namespaces, path, pair[1]);
            try {
                byte[] buffer = new byte[Packet.BUFFER];
                Sockets.Received received = ours.receive(buffer, PATIENCE);
                received.descriptors().forEach(Fd::close);
                if (received.count() == 0) {
                    return Optional.empty();
                }
                Packet packet = Packet.decode(buffer, received.count());
                return packet.kind() == VALUE ? Optional.of(packet.words().stripTrailing()) : Optional.empty();
            } finally {
                reap(tools, pid);
            }
        }
    }

    private static int spawn(Tools tools, Proc process, long namespaces, String path, Fd socket) throws IOException {
        try (socket;
                Fd empty = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            List<Fd> all = new ArrayList<>(List.of(process.pidfd(), socket, empty));
            return Processes.spawn(
                    tools.image().path(),
                    List.of("slipway-launch", "look", Long.toString(namespaces), path),
                    List.of(),
                    all);
        }
    }

    private static void reap(Tools tools, int pid) throws IOException, InterruptedException {
        try (Fd pidfd = Processes.pidfd(pid)) {
            if (!tools.reactor().awaitReadable(pidfd, PATIENCE)) {
                Processes.signal(pidfd, SIGKILL);
                boolean _ = tools.reactor().awaitReadable(pidfd, PATIENCE);
            }
            OptionalInt _ = Processes.reap(pid);
            tools.reactor().close(pidfd);
        }
    }
}
