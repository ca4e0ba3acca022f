package org.slipway.helper.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.model.profile.Profile;
import org.slipway.model.profile.Profiles;
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
 * @param profile the name of the rules that it was made by; null in records from before there were any but the newest
 * @param set the directory that create was given by {@code --root}; empty without one, or with the helper's own
 * @param prestartInStart whether they are those of a text that nobody followed, see {@link Profiles#named}
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
        List<String> taken,
        @Nullable String profile,
        boolean prestartInStart,
        Optional<String> set) {

    public static final int VERSION = 1;

    public Entry {
        annotations = Map.copyOf(annotations);
        present = List.copyOf(present);
        taken = List.copyOf(taken);
    }

    /** The rules that it was made by. */
    public Profile rules() {
        return profile == null ? Profiles.newest() : Profiles.recorded(profile, prestartInStart);
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
                taken,
                profile,
                prestartInStart,
                set);
    }
}
