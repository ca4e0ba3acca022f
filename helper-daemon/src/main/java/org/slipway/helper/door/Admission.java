package org.slipway.helper.door;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Processes;
import org.slipway.helper.libc.Sockets;

/**
 * Decides who a connection is (D30): credentials, groups, pidfd and label as the kernel keeps them for the socket, and the
 * peer's namespaces. Whatever cannot be learnt for certain is a refusal, never a guess.
 */
public final class Admission {

    /** The group whose members are administrators; equal to root. */
    public static final String GROUP = "slipway-admin";

    private static final int SO_PEERSEC = 31;

    /**
     * Namespaces that a peer has to share with us. Another user namespace means that its uid is only borrowed (P06); in another
     * mount namespace a path would name another file; in another pid namespace it is somebody's container.
     */
    private static final List<String> SHARED = List.of("user", "mnt", "pid");

    private final OptionalInt administrator;
    private final ConfinedTier confined;
    private final Path groupFile;
    private final Path proc;

    /**
     * Knows who is administrator besides root and the group.
     *
     * @param administrator the one person's user id
     * @param confined who may have containers of their own
     */
    public Admission(OptionalInt administrator, ConfinedTier confined) {
        this(administrator, confined, Path.of("/etc/group"), Path.of("/proc"));
    }

    Admission(OptionalInt administrator, ConfinedTier confined, Path groupFile, Path proc) {
        this.administrator = administrator;
        this.confined = confined;
        this.groupFile = groupFile;
        this.proc = proc;
    }

    /**
     * The peer of a connection just accepted.
     *
     * @param users whether it came through the users' socket
     * @throws Refused with the code {@code peer-unknown}, {@code peer-in-other-namespace}, {@code peer-elsewhere},
     *     {@code peer-changed} or {@code peer-in-sandbox}
     */
    public Peer admit(Fd socket, boolean users) throws Refused {
        Fd pidfd = null;
        try {
            Sockets.Peer credentials = Sockets.peer(socket);
            pidfd = pidfd(socket, credentials.pid());
            List<Integer> groups = new ArrayList<>(Sockets.peerGroups(socket));
            groups.add(credentials.gid());
            String label = label(socket);
            Peer.Confined own = users ? confined(credentials, groups) : new Peer.Confined.Off("not-for-confined");
            Restraint theirs = Restraint.of(proc.resolve(Integer.toString(credentials.pid())));
            sameNamespaces(credentials.pid(), pidfd);
            Tier tier = users ? Tier.CONFINED : tier(credentials.uid(), groups);
            if (users && !theirs.allIds(credentials.uid())) {
                throw new Refused(
                        "peer-changed", "process " + credentials.pid() + " is no longer " + credentials.uid());
            }
            boolean root = tier == Tier.ADMINISTRATOR && credentials.uid() == 0;
            if (!root && theirs.stricter(Restraint.of(proc.resolve("self")))) {
                throw new Refused("peer-in-sandbox", theirs.toString());
            }
            if (label.endsWith("(enforce)")) {
                throw new Refused("peer-in-sandbox", "label '" + label + "'");
            }
            return new Peer(credentials.uid(), credentials.gid(), groups, credentials.pid(), pidfd, label, tier, own);
        } catch (IOException | NumberFormatException e) {
            close(pidfd);
            throw new Refused("peer-unknown", e);
        } catch (Refused e) {
            close(pidfd);
            throw e;
        }
    }

    /** By the socket where the kernel can (Linux 6.5), else by number; {@link #sameNamespaces} proves that it is still the one. */
    private static Fd pidfd(Fd socket, int pid) throws IOException {
        try {
            return Sockets.peerPidfd(socket);
        } catch (ErrnoException e) {
            if (!e.errno().name().equals("ENOPROTOOPT")) {
                throw e;
            }
            return Processes.pidfd(pid);
        }
    }

    private static String label(Fd socket) throws IOException {
        try {
            String label = new String(Sockets.option(socket, SO_PEERSEC, 4096), StandardCharsets.UTF_8);
            return label.replace("\0", "").strip();
        } catch (ErrnoException e) {
            if (e.errno().name().equals("ENOPROTOOPT")) {
                return ""; // no security module keeps labels for sockets
            }
            throw e;
        }
    }

    /** Read by number, like the namespaces, and true if {@link #sameNamespaces} then finds the peer alive. */
    private Peer.Confined confined(Sockets.Peer peer, List<Integer> groups) throws IOException {
        Optional<String> off = confined.off(peer.uid());
        return off.isPresent()
                ? new Peer.Confined.Off(off.get())
                : new Peer.Confined.As(confined.caller(peer.uid(), peer.gid(), groups, peer.pid()));
    }

    /** Reads the peer's namespaces by its number, and then proves by the pidfd that the number was still the peer's. */
    private void sameNamespaces(int pid, Fd pidfd) throws IOException, Refused {
        String other = "";
        for (String type : SHARED) {
            Path ours = proc.resolve("self/ns").resolve(type);
            Path theirs = proc.resolve(pid + "/ns/" + type);
            if (!Files.readSymbolicLink(ours).equals(Files.readSymbolicLink(theirs))) {
                other = type;
            }
        }
        // a chroot is no other namespace, and yet paths would mean other files there
        Path root = Files.readSymbolicLink(proc.resolve(pid + "/root"));
        if (pidOf(pidfd) != pid || Processes.ended(pidfd)) {
            throw new Refused("peer-unknown", "process " + pid + " has ended");
        }
        if (!root.equals(Path.of("/"))) {
            throw new Refused("peer-elsewhere", "process " + pid + " has the root directory " + root);
        }
        if (!other.isEmpty()) {
            throw new Refused("peer-in-other-namespace", "process " + pid + " has another " + other + " namespace");
        }
    }

    /** The number of a pidfd's process, −1 once it is reaped. */
    private int pidOf(Fd pidfd) throws IOException {
        for (String line : Files.readAllLines(proc.resolve("self/fdinfo/" + pidfd.number()))) {
            if (line.startsWith("Pid:")) {
                return Integer.parseInt(line.substring(4).strip());
            }
        }
        throw new IOException("no Pid in the pidfd's fdinfo");
    }

    Tier tier(int uid, List<Integer> groups) throws IOException {
        boolean named = administrator.isPresent() && administrator.getAsInt() == uid;
        if (uid == 0 || named) {
            return Tier.ADMINISTRATOR;
        }
        OptionalInt group = group();
        return group.isPresent() && groups.contains(group.getAsInt()) ? Tier.ADMINISTRATOR : Tier.PETITIONER;
    }

    /** The number of the administrators' group in group(5); read at each connection, so that it need not be told of changes. */
    private OptionalInt group() throws IOException {
        for (String line : Files.readAllLines(groupFile, StandardCharsets.ISO_8859_1)) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 3 && fields[0].equals(GROUP)) {
                try {
                    return OptionalInt.of(Integer.parseUnsignedInt(fields[2]));
                } catch (NumberFormatException e) {
                    throw new IOException("group " + GROUP + " has no number in " + groupFile, e);
                }
            }
        }
        return OptionalInt.empty();
    }

    private static void close(@org.jspecify.annotations.Nullable Fd pidfd) {
        if (pidfd != null) {
            pidfd.close();
        }
    }
}
