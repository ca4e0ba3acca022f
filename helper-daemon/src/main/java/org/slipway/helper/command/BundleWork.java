package org.slipway.helper.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Rules;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.json.Limits;
import org.slipway.model.plan.CgroupManager;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.Features;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.plan.PlanProblem;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.Planner;
import org.slipway.model.plan.Step;
import org.slipway.model.spec.DefaultSpec;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.wire.Finding;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.node.ArrayNode;

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
    public List<Finding> validate(byte[] config) {
        return Rules.check(parse(config)).stream().map(Views::finding).toList();
    }

    /** A file of the caller's own: the limits of the confined tier bind who sends configurations, not who looks at one. */
    private static Document.Parsed parse(byte[] config) {
        return Document.parse(config, Limits.ADMINISTRATOR);
    }

    @Override
    public String explain(
            byte[] config, String bundle, CgroupManager manager, boolean json, Optional<Confinement> confinement)
            throws Failure {
        Document.Parsed parsed = parse(config);
        var findings = Rules.check(parsed);
        if (!(parsed instanceof Document.Good good) || Rules.refused(findings)) {
            throw Failure.refused(findings);
        }
        Spec spec = Spec.read(good.document().tree());
        int owner = confinement.map(Confinement::uid).orElse(0);
        PlanRequest plain =
                PlanRequest.explain(spec, bundle, new Owned(owner, new ContainerId("explained")), facts.get())
                        .managedBy(manager);
        return switch (Planner.compile(confinement.map(plain::confinedTo).orElse(plain))) {
            case Compiled.Refused refused ->
                throw Failure.refused(
                        refused.problems().stream().map(BundleWork::finding).toList());
            case Compiled.Ready ready -> {
                List<Plan> plans = Stream.concat(Stream.of(ready.create()), ready.start().stream())
                        .toList();
                yield json ? json(plans) : text(plans);
            }
        };
    }

    private static org.slipway.model.finding.Finding finding(PlanProblem problem) {
        return new org.slipway.model.finding.Finding(
                problem.code(), Severity.ERROR, problem.pointer(), 0, 0, problem.arguments(), "", Optional.empty());
    }

    private static String json(List<Plan> plans) {
        ArrayNode array = Wire.object().putArray("plans");
        plans.forEach(plan -> array.add(PlanJson.tree(plan)));
        return array.toPrettyString() + "\n";
    }

    /** A heading for each plan and phase, a line for each step: who, which call, and what asked for it. */
    private static String text(List<Plan> plans) {
        var text = new StringBuilder();
        for (Plan plan : plans) {
            text.append(word(plan.kind())).append('\n');
            Optional<Phase> phase = Optional.empty();
            for (Step step : plan.steps()) {
                if (!phase.equals(Optional.of(step.phase()))) {
                    phase = Optional.of(step.phase());
                    text.append("  ").append(word(step.phase())).append('\n');
                }
                text.append("    %3d %-8s %s  [%s]%n"
                        .formatted(step.index(), word(step.actor()), step.op().call(), origin(step.origin())));
            }
        }
        return text.toString();
    }

    private static String origin(Origin origin) {
        return switch (origin) {
            case Origin.Field(String pointer) -> pointer;
            case Origin.Default(String rule) -> rule;
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
