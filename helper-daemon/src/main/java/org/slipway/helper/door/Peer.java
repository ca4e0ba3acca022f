package org.slipway.helper.door;

import java.util.List;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.lifecycle.Caller;

/**
 * Who is at the other end of a connection, as the kernel said when it was accepted. Owns its pidfd.
 *
 * @param groups supplementary groups and the primary one
 * @param pidfd names the process that connected, even after its number is used again
 * @param label the security module's label, empty where there is none
 */
public record Peer(int uid, int gid, List<Integer> groups, int pid, Fd pidfd, String label, Tier tier)
        implements AutoCloseable {

    public Peer {
        groups = List.copyOf(groups);
    }

    /** The same person as the lifecycle knows callers. */
    public Caller caller() {
        return new Caller(uid, tier == Tier.ADMINISTRATOR);
    }

    @Override
    public void close() {
        pidfd.close();
    }
}
