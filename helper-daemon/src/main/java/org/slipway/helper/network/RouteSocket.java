package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;

/**
 * A socket of rtnetlink(7), which speaks of the namespace in which it was made. The kernel answers within the call that asks, so nothing here
 * waits for another process; a request may wait for the kernel's lock of all network configuration.
 */
final class RouteSocket implements AutoCloseable {

    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_GETADDR = 22;
    private static final int REQUEST = 1;
    private static final int ACKNOWLEDGE = 4;
    private static final int DUMP = 0x300;
    private static final int CREATE_NEW = 0x600; // NLM_F_EXCL, NLM_F_CREATE
    private static final int BUFFER = 1 << 17;
    private static final int MOST_TRIES = 100;

    private final Fd socket;
    private int sequence;

    /** Takes one over. */
    RouteSocket(Fd socket) {
        this.socket = socket;
    }

    /** One of the helper's own namespace. */
    static RouteSocket own() throws ErrnoException {
        return new RouteSocket(Sockets.route());
    }

    /** The interface with that name; ENODEV. */
    Link link(String name) throws ErrnoException {
        return find(new Message(RTM_GETLINK, REQUEST, Link.fixed(0, 0, 0)).attribute(Link.IFNAME, name), name);
    }

    /** The interface with that index, if there is one. */
    Optional<Link> link(int index) throws ErrnoException {
        try {
            return Optional.of(
                    find(new Message(RTM_GETLINK, REQUEST, Link.fixed(index, 0, 0)), Integer.toString(index)));
        } catch (ErrnoException e) {
            if (e.is(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Link find(Message message, String what) throws ErrnoException {
        List<ByteBuffer> answer = ask(message, "RTM_GETLINK(\"" + what + "\")");
        if (answer.isEmpty()) {
            throw new ErrnoException("RTM_GETLINK(\"" + what + "\")", Errno.ENODEV);
        }
        return Link.read(answer.getFirst());
    }

    /** All interfaces. */
    List<Link> links() throws ErrnoException {
        List<Link> links = new ArrayList<>();
        for (ByteBuffer body : ask(new Message(RTM_GETLINK, REQUEST | DUMP, Link.fixed(0, 0, 0)), "RTM_GETLINK")) {
            links.add(Link.read(body));
        }
        return links;
    }

    /** Addresses of an interface that go with it. */
    List<Address> addresses(int index) throws ErrnoException {
        List<Address> addresses = new ArrayList<>();
        for (ByteBuffer body : ask(new Message(RTM_GETADDR, REQUEST | DUMP, new byte[8]), "RTM_GETADDR")) {
            Address address = Address.read(body);
            if (address.index() == index && address.moves()) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** Moves an interface to another namespace, where it has that name and, unless that is 0, that index. */
    void move(Link link, Fd namespace, String name, int index) throws ErrnoException {
        Message message = new Message(RTM_NEWLINK, REQUEST | ACKNOWLEDGE, Link.fixed(link.index(), 0, 0))
                .attribute(Link.NET_NS_FD, namespace.number())
                .attribute(Link.IFNAME, name);
        if (index > 0) {
            message.attribute(Link.NEW_IFINDEX, index);
        }
        ask(message, "RTM_NEWLINK(\"" + link.name() + "\", IFLA_NET_NS_FD, \"" + name + "\")");
    }

    /** Gives an interface an address. */
    void add(Address address, Link link, String former) throws ErrnoException {
        ask(
                address.adding(RTM_NEWADDR, REQUEST | ACKNOWLEDGE | CREATE_NEW, link.index(), former, link.name()),
                "RTM_NEWADDR(\"" + link.name() + "\")");
    }

    void bringUp(Link link) throws ErrnoException {
        ask(
                new Message(RTM_NEWLINK, REQUEST | ACKNOWLEDGE, Link.fixed(link.index(), Link.UP, Link.UP)),
                "RTM_NEWLINK(\"" + link.name() + "\", IFF_UP)");
    }

    /** Sends a request and collects the bodies of its answer; a list that changed while it was told is asked for once more. */
    private List<ByteBuffer> ask(Message message, String call) throws ErrnoException {
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<List<ByteBuffer>> answer = askOnce(message, call);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new ErrnoException(call, Errno.EAGAIN);
    }

    /** Empty if the answer is not of one moment. */
    private Optional<List<ByteBuffer>> askOnce(Message message, String call) throws ErrnoException {
        byte[] request = message.encode(++sequence);
        if (Sockets.send(socket, request, 0, request.length, List.of()) != request.length) {
            throw new ErrnoException(call, Errno.EAGAIN);
        }
        int flags = ByteBuffer.wrap(request).order(ByteOrder.nativeOrder()).getShort(6);
        List<ByteBuffer> bodies = new ArrayList<>();
        byte[] buffer = new byte[BUFFER];
        boolean more = true;
        boolean interrupted = false;
        while (more) {
            Sockets.Received received =
                    Sockets.receive(socket, buffer).orElseThrow(() -> new ErrnoException(call, Errno.EAGAIN));
            if (received.truncated()) {
                throw new ErrnoException(call, Errno.EBADMSG);
            }
            ByteBuffer all =
                    ByteBuffer.wrap(buffer.clone(), 0, received.count()).order(ByteOrder.nativeOrder());
            interrupted |= Answer.interrupted(all, sequence);
            more = !Answer.read(all, sequence, call, bodies, (flags & DUMP) == DUMP, (flags & ACKNOWLEDGE) != 0);
        }
        return interrupted ? Optional.empty() : Optional.of(bodies);
    }

    @Override
    public void close() {
        socket.close();
    }
}
