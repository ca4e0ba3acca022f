package org.slipway.helper.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.check.Checked;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Document;
import org.slipway.model.plan.CgroupManager;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.Explanation;
import org.slipway.model.plan.Features;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.LiveTable;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.profile.Conversion;
import org.slipway.model.profile.Profile;
import org.slipway.model.profile.Reading;
import org.slipway.model.spec.DefaultSpec;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/** The commands about bundles, by the functions of the model. */
public final class BundleWork implements Offline {

    /** The specification's version whose rules are followed. */
    private static final String SPECIFICATION = "1.3.0";

    private final Supplier<HostFacts> facts;

    /**
     * Explains plans for a machine.
     *
     * @param facts asked once for each plan
     */
    public BundleWork(Supplier<HostFacts> facts) {
        this.facts = facts;
    }

    @Override
    public Versions versions() {
        try (InputStream file = BundleWork.class.getResourceAsStream("/org/slipway/helper/version.properties")) {
            if (file == null) {
                throw new IllegalStateException("the program lacks its file version.properties");
            }
            var properties = new Properties();
            properties.load(file);
            return new Versions(
                    properties.getProperty("version", "?"), commit(System.getProperty("slipway.home")), SPECIFICATION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the distribution says it was made from. */
    static String commit(@Nullable String home) {
        try {
            return home == null
                    ? "unknown"
                    : Files.readString(Path.of(home, "share", "commit")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public String defaultConfig(boolean rootless, int uid, int gid) {
        return rootless ? DefaultSpec.rootless(uid, gid) : DefaultSpec.text();
    }

    @Override
    public String features() {
        Versions versions = versions();
        return Features.tree(versions.version(), versions.commit()).toPrettyString() + "\n";
    }

    @Override
    public String liveTable() {
        return LiveTable.get()
                        .json(facts.get().cgroups() instanceof HostFacts.V2)
                        .toPrettyString() + "\n";
    }

    @Override
    public List<Finding> validate(byte[] config, String bundle, Optional<Profile> profile) {
        return check(config, bundle, profile, CgroupManager.CGROUPFS, Optional.empty())
                .findings();
    }

    /** A file of the caller's own: the limits of the confined tier bind who sends configurations, not who looks at one. */
    private Checked check(
            byte[] config,
            String bundle,
            Optional<Profile> profile,
            CgroupManager manager,
            Optional<Confinement> confinement) {
        int owner = confinement.map(Confinement::uid).orElse(0);
        return Configurations.check(config, profile, spec -> {
            PlanRequest plain = PlanRequest.explain(
                            spec, bundle, new Owned(owner, new ContainerId("explained")), facts.get())
                    .managedBy(manager);
            return confinement.map(plain::confinedTo).orElse(plain);
        });
    }

    @Override
    public String explain(
            byte[] config,
            String bundle,
            Optional<Profile> profile,
            CgroupManager manager,
            boolean json,
            Optional<Confinement> confinement)
            throws Failure {
        Checked checked = check(config, bundle, profile, manager, confinement);
        if (checked.plans().isEmpty()) {
            throw Failure.refused(checked.findings());
        }
        List<Plan> plans = checked.plans().get().all();
        return json
                ? Explanation.json(plans).toPrettyString() + "\n"
                : String.join("\n", Explanation.lines(plans)) + "\n";
    }

    @Override
    public Profile profile(byte[] config, Optional<Profile> forced) throws Failure {
        Document.Parsed parsed = Configurations.parse(config);
        if (!(parsed instanceof Document.Good good)) {
            throw Failure.refused(Rules.check(parsed));
        }
        return Reading.of(good.document(), forced).profile();
    }

    @Override
    public Conversion convert(byte[] config, Optional<Profile> profile, Profile to) throws Failure {
        Document.Parsed parsed = Configurations.parse(config);
        if (!(parsed instanceof Document.Good good)) {
            throw Failure.refused(Rules.check(parsed));
        }
        Reading reading = Reading.of(good.document(), profile);
        List<Finding> findings = reading.findings();
        if (Rules.refused(findings)) {
            throw Failure.refused(findings);
        }
        if (!Conversion.leads(reading, to)) {
            throw Failure.caller(
                    "convert-backwards", Map.of("from", reading.profile().name(), "to", to.name()));
        }
        return Conversion.of(reading, to);
    }
}
