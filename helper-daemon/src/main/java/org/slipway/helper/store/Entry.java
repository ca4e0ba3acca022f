package org.slipway.helper.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.state.Status;

/**
 * The contents of {@code state.json}.
 *
 * @param version of this format
 * @param created RFC 3339
 * @param status what was true when it was written; the kernel knows better about the end
 * @param init the container's first process, once created
 * @param keeper its parent
 * @param present those of its cgroups that were there before create, and stay
 * @param taken those of them in which somebody else lived: create fails, and nothing may be done to them
 */
public record Entry(
        int version,
        int owner,
        String id,
        String ociVersion,
        String bundle,
        String rootfs,
        Map<String, String> annotations,
        String created,
        Status status,
        Optional<Identity> init,
        Optional<Identity> keeper,
        List<String> present,
        List<String> taken) {

    public static final int VERSION = 1;

    public Entry {
        annotations = Map.copyOf(annotations);
        present = List.copyOf(present);
        taken = List.copyOf(taken);
    }

    /** The same container in another status. */
    public Entry with(Status newStatus, Optional<Identity> newInit, Optional<Identity> newKeeper) {
        return new Entry(
                version,
                owner,
                id,
                ociVersion,
                bundle,
                rootfs,
                annotations,
                created,
                newStatus,
                newInit,
                newKeeper,
                present,
                taken);
    }
}
