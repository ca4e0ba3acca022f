package org.slipway.helper.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;

/**
 * Gets sockets of rtnetlink(7) in other namespaces from {@code slipway-launch network}; {@code docs/protocols.md} section 10.
 *
 * @param image the path of the sealed launcher
 */
public record NetworkRole(String image, Reactor reactor) {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FAILED = 2;
    private static final int NETWORK = 49;
    private static final int HEADER = 16;

    /** A socket in that namespace. */
    RouteSocket into(Fd namespace) throws IOException, InterruptedException {
        Fd[] pair = Sockets.pairForChild(Sockets.SOCK_SEQPACKET);
        try (Channel ours = new Channel(reactor, pair[0])) {
            int pid = spawn(namespace, pair[1]);
            try {
                return answer(ours);
            } finally {
                reap(pid);
            }
        }
    }

    private int spawn(Fd namespace, Fd socket) throws ErrnoException {
        try (socket;
                Fd empty = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            return Processes.spawn(
                    image, List.of("slipway-launch", "network"), List.of(), List.of(namespace, socket, empty));
        }
    }

    private static RouteSocket answer(Channel ours) throws IOException, InterruptedException {
        byte[] buffer = new byte[HEADER + 1008];
        Sockets.Received received = ours.receive(buffer, PATIENCE);
        ByteBuffer packet = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        if (received.count() >= HEADER
                && packet.getInt(0) == NETWORK
                && received.descriptors().size() == 1) {
            return new RouteSocket(received.descriptors().getFirst());
        }
        received.descriptors().forEach(Fd::close);
        boolean told = received.count() >= HEADER && packet.getInt(0) == FAILED;
        throw new ErrnoException(
                "slipway-launch network: setns(CLONE_NEWNET)", told ? new Errno(packet.getInt(8)) : Errno.EIO);
    }

    private void reap(int pid) throws IOException, InterruptedException {
        try (Fd pidfd = Processes.pidfd(pid)) {
            if (!reactor.awaitReadable(pidfd, PATIENCE)) {
                Processes.signal(pidfd, 9);
                boolean _ = reactor.awaitReadable(pidfd, PATIENCE);
            }
            OptionalInt _ = Processes.reap(pid);
            reactor.close(pidfd);
        }
    }
}
