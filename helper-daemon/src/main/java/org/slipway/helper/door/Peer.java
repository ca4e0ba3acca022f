package org.slipway.helper.door;

import java.util.List;
import java.util.Optional;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.model.plan.Confinement;

/**
 * Who is at the other end of a connection, as the kernel said when it was accepted. Owns its pidfd.
 *
 * @param groups supplementary groups and the primary one
 * @param pidfd names the process that connected, even after its number is used again
 * @param confined of the users' socket: whom their containers become
 * @param label the security module's label, empty where there is none
 */
public record Peer(
        int uid, int gid, List<Integer> groups, int pid, Fd pidfd, String label, Tier tier, Confined confined)
        implements AutoCloseable {

    /** What a peer of the users' socket may make: containers of their own, or none, and why. */
    public sealed interface Confined {
        /** Containers that become this caller. */
        record As(Confinement caller) implements Confined {}

        /** None, for the reason with that code. */
        record Off(String code) implements Confined {}
    }

    /** A peer that is not confined. */
    public Peer(int uid, int gid, List<Integer> groups, int pid, Fd pidfd, String label, Tier tier) {
        this(uid, gid, groups, pid, pidfd, label, tier, new Confined.Off("not-for-confined"));
    }

    public Peer {
        groups = List.copyOf(groups);
    }

    /** The same person as the lifecycle knows callers. */
    public Caller caller() {
        Optional<Confinement> confinement = tier == Tier.CONFINED && confined instanceof Confined.As(Confinement caller)
                ? Optional.of(caller)
                : Optional.empty();
        return new Caller(uid, tier == Tier.ADMINISTRATOR, confinement);
    }

    /**
     * Whether init may become its child: what it starts is then taken for the container. Root on the administrators' socket, whose
     * namespaces were compared with ours when the connection was accepted.
     */
    public boolean spawns() {
        return tier == Tier.ADMINISTRATOR && uid == 0;
    }

    @Override
    public void close() {
        pidfd.close();
    }
}
