package org.slipway.helper.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Mounts;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The interfaces that one container gets from the host. Where each came from is written down before it is moved; an interface is found by
 * its index on both sides, since its name there may be the kernel's choice, and known by its {@link Traits}, since the container may have
 * put another one in its place.
 */
public final class NetDevices {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path OWN = Path.of("/proc/self/ns/net");

    /**
     * What was written down.
     *
     * @param up whether it was
     * @param target its index in the container
     * @param returning whether it is on its way back, or already there and perhaps without its addresses
     */
    record Origin(
            String name, int index, boolean up, int target, List<Address> addresses, Traits traits, boolean returning) {

        Origin onItsWayBack() {
            return new Origin(name, index, up, target, addresses, traits, true);
        }
    }

    private final NetworkRole role;
    private final Path file;
    private final String pin;

    /**
     * For a container.
     *
     * @param folder its state directory
     */
    public NetDevices(NetworkRole role, Path folder) {
        this.role = role;
        this.file = folder.resolve("netdevices");
        this.pin = folder.resolve("network").toString();
    }

    /** Whether the host has the interface; ENODEV, and EINVAL for the loopback interface. */
    public static void probe(String name) throws ErrnoException {
        try (RouteSocket here = RouteSocket.own()) {
            if ((here.link(name).flags() & Link.LOOPBACK) != 0) {
                throw new ErrnoException("moving \"" + name + "\"", Errno.EINVAL);
            }
        }
    }

    /** Binds a network namespace, such as {@code /proc/1/ns/net}, in the state directory; EXDEV for the helper's own. */
    public void pin(String namespace) throws IOException {
        try (Fd open = Descriptors.open(namespace, Descriptors.O_RDONLY, 0)) {
            if (Files.readSymbolicLink(link(open)).equals(Files.readSymbolicLink(OWN))) {
                throw new ErrnoException("mount(\"" + namespace + "\")", Errno.EXDEV);
            }
            Descriptors.open(pin, Descriptors.O_RDONLY | Descriptors.O_CREAT | Descriptors.O_EXCL, 0600)
                    .close();
            Mounts.bind(open, pin);
        }
    }

    /** Lets go of the namespace; false if it is not bound. */
    public boolean unpin() throws IOException {
        boolean bound = Mounts.detach(pin);
        return Files.deleteIfExists(Path.of(pin)) || bound;
    }

    private static Path link(Fd fd) {
        return Path.of("/proc/self/fd/" + fd.number());
    }

    /** Moves an interface into the bound namespace, under a name that is free there: EEXIST. */
    public void move(String name, String wanted) throws IOException, InterruptedException {
        try (Fd namespace = Descriptors.open(pin, Descriptors.O_RDONLY, 0);
                RouteSocket here = RouteSocket.own();
                RouteSocket there = role.into(namespace)) {
            Link link = here.link(name);
            List<Link> present = there.links();
            if (present.stream().anyMatch(other -> other.name().equals(wanted))) {
                throw new ErrnoException("RTM_NEWLINK(\"" + wanted + "\")", Errno.EEXIST);
            }
            int index = free(present, link.index());
            remember(new Origin(
                    name, link.index(), link.up(), index, here.addresses(link.index()), link.traits(), false));
            here.move(link, namespace, wanted, index);
        }
    }

    /** The same index as before if it can be. */
    private static int free(List<Link> present, int wanted) {
        Set<Integer> taken = present.stream().map(Link::index).collect(Collectors.toSet());
        int free = wanted;
        while (taken.contains(free)) {
            free++;
        }
        return free;
    }

    /** Gives a moved interface its addresses. */
    public void addAddresses(String name) throws IOException, InterruptedException {
        Origin origin = origin(name).orElseThrow(() -> new ErrnoException("netdevices", Errno.ENOENT));
        try (Fd namespace = Descriptors.open(pin, Descriptors.O_RDONLY, 0);
                RouteSocket there = role.into(namespace)) {
            add(there, origin, moved(there, origin));
        }
    }

    private static void add(RouteSocket to, Origin origin, Link link) throws ErrnoException {
        for (Address address : origin.addresses()) {
            to.add(address, link, origin.name());
        }
    }

    /** As it was; what it has already, by an earlier try, is no error. */
    private static void restore(RouteSocket here, Origin origin, Link link) throws ErrnoException {
        for (Address address : origin.addresses()) {
            try {
                here.add(address, link, origin.name());
            } catch (ErrnoException e) {
                if (!e.is(Errno.EEXIST)) {
                    throw e;
                }
            }
        }
        if (origin.up()) {
            here.bringUp(link);
        }
    }

    private static Link moved(RouteSocket there, Origin origin) throws ErrnoException {
        return there.link(origin.target())
                .orElseThrow(() -> new ErrnoException("RTM_GETLINK(" + origin.target() + ")", Errno.ENODEV));
    }

    /** Brings a moved interface up. */
    public void bringUp(String name) throws IOException, InterruptedException {
        Origin origin = origin(name).orElseThrow(() -> new ErrnoException("netdevices", Errno.ENOENT));
        try (Fd namespace = Descriptors.open(pin, Descriptors.O_RDONLY, 0);
                RouteSocket there = role.into(namespace)) {
            there.bringUp(moved(there, origin));
        }
    }

    /**
     * Moves an interface back as it was; false if it was not moved, or the namespace is let go. It can be called again after any end of it.
     *
     * @throws ErrnoException ESTALE if another interface stands in its place, which then stays where it is; ENODEV if it is nowhere
     */
    public boolean giveBack(String name) throws IOException, InterruptedException {
        Optional<Origin> origin = origin(name);
        if (origin.isEmpty() || !Files.exists(Path.of(pin))) {
            return false;
        }
        try (Fd namespace = Descriptors.open(pin, Descriptors.O_RDONLY, 0);
                Fd own = Descriptors.open(OWN.toString(), Descriptors.O_RDONLY, 0);
                RouteSocket here = RouteSocket.own()) {
            return giveBack(origin.get(), namespace, here, own);
        }
    }

    private boolean giveBack(Origin origin, Fd namespace, RouteSocket here, Fd own)
            throws IOException, InterruptedException {
        if (!origin.returning()) {
            boolean stayed = here.link(origin.index())
                    .filter(link -> link.name().equals(origin.name()))
                    .isPresent();
            if (stayed) {
                return false;
            }
        }
        boolean moved = leave(origin, namespace, own);
        if (!moved && !origin.returning()) {
            throw new ErrnoException("RTM_GETLINK(" + origin.target() + ")", Errno.ENODEV); // neither here nor there
        }
        Link back = here.link(origin.name());
        if (!recognise(origin, back)) {
            throw exchanged(origin, back); // it never arrived, and the name is another's
        }
        restore(here, origin, back);
        forget(origin.name());
        return true;
    }

    /** Out of the container; false if there is nothing with its index. */
    private boolean leave(Origin origin, Fd namespace, Fd own) throws IOException, InterruptedException {
        try (RouteSocket there = role.into(namespace)) {
            Optional<Link> link = there.link(origin.target());
            if (link.isEmpty()) {
                return false;
            }
            if (!recognise(origin, link.get())) {
                if (origin.returning()) {
                    return false; // it has left, and its index is used again
                }
                throw exchanged(origin, link.get());
            }
            replace(origin.onItsWayBack());
            moveBack(there, link.get(), own, origin);
            return true;
        }
    }

    private boolean recognise(Origin origin, Link link) throws IOException {
        List<Origin> all = origins();
        return origin.traits()
                .recognise(
                        link.traits(),
                        index -> all.stream()
                                .anyMatch(other ->
                                        other.index() == origin.traits().link() && other.target() == index));
    }

    private static ErrnoException exchanged(Origin origin, Link other) {
        return new ErrnoException("\"" + other.name() + "\" in the place of \"" + origin.name() + "\"", Errno.ESTALE);
    }

    /** Under its old index if that is still free; an interface whose name is taken meanwhile goes back under one of the kernel's. */
    private static void moveBack(RouteSocket there, Link link, Fd own, Origin origin) throws ErrnoException {
        try {
            there.move(link, own, origin.name(), origin.index());
        } catch (ErrnoException e) {
            if (e.is(Errno.EBUSY)) {
                there.move(link, own, origin.name(), 0);
            } else if (e.is(Errno.EEXIST)) {
                there.move(link, own, "dev%d", 0);
                throw e;
            } else {
                throw e;
            }
        }
    }

    private void remember(Origin origin) throws IOException {
        List<Origin> all = new ArrayList<>(origins());
        all.add(origin);
        write(all);
    }

    private void replace(Origin origin) throws IOException {
        write(origins().stream()
                .map(each -> each.name().equals(origin.name()) ? origin : each)
                .toList());
    }

    /** It is as it was: whoever asks once more has nothing to do. */
    private void forget(String name) throws IOException {
        write(origins().stream().filter(each -> !each.name().equals(name)).toList());
    }

    private void write(List<Origin> all) throws IOException {
        Path fresh = file.resolveSibling("netdevices.new");
        Files.write(fresh, JSON.writeValueAsBytes(all));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Optional<Origin> origin(String name) throws IOException {
        return origins().stream().filter(origin -> origin.name().equals(name)).findFirst();
    }

    private List<Origin> origins() throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), new TypeReference<List<Origin>>() {});
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JacksonException e) {
            throw new IOException("'" + file + "' can't be read: " + e.getMessage(), e);
        }
    }
}
