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
 * @param present those of its cgroups that were there, empty, before create, and stay
 * @param parents the parents of its cgroups that delete removes, unless something else is in them by then
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
        List<String> parents,
        List<String> present) {

    public static final int VERSION = 1;

    public Entry {
        annotations = Map.copyOf(annotations);
        parents = List.copyOf(parents);
        present = List.copyOf(present);
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
                parents,
                present);
    }
}
