package org.slipway.helper.command;

import java.util.List;
import java.util.Optional;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.CgroupManager;
import org.slipway.model.plan.Confinement;
import org.slipway.model.profile.Conversion;
import org.slipway.model.profile.Profile;

/** What commands can do without any container, and without rights: pure functions of text and of what the machine is. */
public interface Offline {

    /** The program's own version, its commit, and the specification's version. */
    record Versions(String version, String commit, String specification) {}

    /** Which versions these are. */
    Versions versions();

    /** The text of a new config.json; user and group id count only for a rootless one. */
    String defaultConfig(boolean rootless, int uid, int gid);

    /** The features structure as JSON text. */
    String features();

    /** What can change on a live container of this machine, as JSON text. */
    String liveTable();

    /**
     * Everything that is to be said about a configuration, on this machine; empty when nothing is.
     *
     * @param bundle absolute path
     * @param profile the rules to judge by, whatever version it names
     */
    List<Finding> validate(byte[] config, String bundle, Optional<Profile> profile);

    /**
     * What create and start would do, as text for a person or as JSON.
     *
     * @param bundle absolute path
     * @param confinement whom the plan becomes; empty: it is an administrator's
     * @throws Failure {@code config-refused} with its findings
     */
    String explain(
            byte[] config,
            String bundle,
            Optional<Profile> profile,
            CgroupManager manager,
            boolean json,
            Optional<Confinement> confinement)
            throws Failure;

    /** The profile that a configuration is read by. */
    Profile profile(byte[] config, Optional<Profile> forced) throws Failure;

    /**
     * A configuration as one of a later version of the specification.
     *
     * @param profile the rules that it is read by, whatever version it names
     * @throws Failure {@code config-refused} if it is none of its own version, {@code convert-backwards} if the other is older
     */
    Conversion convert(byte[] config, Optional<Profile> profile, Profile to) throws Failure;
}
