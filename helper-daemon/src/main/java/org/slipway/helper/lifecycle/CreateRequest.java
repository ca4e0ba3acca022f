package org.slipway.helper.lifecycle;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slipway.helper.libc.Fd;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.CgroupManager;
import org.slipway.model.profile.Profile;
import org.slipway.model.state.Owned;

/**
 * What create is asked for.
 *
 * @param bundle absolute path of the bundle directory
 * @param config the bytes of config.json, which the client read
 * @param preserved further descriptors for the program, from 3 on; the caller closes them after create
 * @param umask the caller's, kept when the configuration names none
 * @param noPivot move the root with MS_MOVE and chroot
 * @param noNewKeyring keep the session keyring
 * @param manager who makes the cgroup
 * @param spawner the command, where init is to become its child; empty: a keeper's
 * @param doubts is told, before anything is made, what is left out or likely meant otherwise (CAP-03)
 * @param activation what the program is told of activated descriptors, the first of the preserved ones
 * @param set the directory given by {@code --root}, when it is not the helper's own: only the name of a set of containers
 * @param profile the version of the specification to follow, whatever the configuration names
 */
public record CreateRequest(
        Owned name,
        String bundle,
        Blob config,
        Streams streams,
        List<Fd> preserved,
        int umask,
        boolean noPivot,
        boolean noNewKeyring,
        CgroupManager manager,
        Optional<SpawningCommand> spawner,
        Optional<String> set,
        List<String> activation,
        Consumer<List<Finding>> doubts,
        Optional<Profile> profile) {

    public CreateRequest {
        preserved = List.copyOf(preserved);
        activation = List.copyOf(activation);
    }

    /** With the defaults of everything that engines alone set. */
    public static CreateRequest of(Owned name, String bundle, byte[] config, Streams streams) {
        return new CreateRequest(
                name,
                bundle,
                Blob.of(config),
                streams,
                List.of(),
                0022,
                false,
                false,
                CgroupManager.CGROUPFS,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                _ -> {},
                Optional.empty());
    }
}
