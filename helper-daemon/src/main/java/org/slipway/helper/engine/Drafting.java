package org.slipway.helper.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.model.check.Checked;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.plan.Spawner;
import org.slipway.model.profile.Profile;
import org.slipway.model.profile.Reading;
import org.slipway.model.spec.Spec;

/** From the bytes of a configuration to plans, or to all that stands against it. Touches nothing. */
final class Drafting {

    private Drafting() {}

    /**
     * What a configuration became.
     *
     * @param doubts warnings: what is left out, or likely meant otherwise
     */
    record Draft(Spec spec, Compiled.Ready plans, List<Finding> doubts) {}

    static Draft of(
            CreateRequest request,
            String stateDirectory,
            HostFacts facts,
            SeccompCompiler seccomp,
            Optional<Confinement> confinement)
            throws Failure {
        if (!request.bundle().startsWith("/")) {
            throw Failure.caller("bundle-not-absolute", Map.of("bundle", request.bundle()));
        }
        Checked checked = Configurations.check(request.config().bytes(), request.profile(), spec -> {
            PlanRequest plain = new PlanRequest(
                            spec,
                            request.bundle(),
                            request.name(),
                            stateDirectory,
                            facts,
                            streams(request.streams()),
                            request.preserved().size(),
                            request.noPivot(),
                            request.noNewKeyring(),
                            request.umask(),
                            seccomp,
                            request.manager())
                    .spawnedBy(request.spawner().isPresent() ? Spawner.CALLER : Spawner.KEEPER)
                    .activatedBy(request.activation());
            return confinement.map(plain::confinedTo).orElse(plain);
        });
        if (checked.plans().isEmpty()) {
            throw Failure.refused(checked.findings());
        }
        return new Draft(
                checked.spec().orElseThrow(),
                checked.plans().get(),
                checked.findings().stream()
                        .filter(finding -> finding.severity() == Severity.WARNING)
                        .toList());
    }

    /** Reads a configuration that was accepted before. */
    static Spec spec(byte[] config, Profile profile) throws Failure {
        if (Configurations.parse(config) instanceof Document.Good good) {
            return Reading.of(good.document(), Optional.of(profile)).spec();
        }
        throw Failure.host("record-unreadable", Map.of("text", "config.json"), null);
    }

    static KeeperOp.Streams streams(Streams streams) {
        return switch (streams) {
            case Streams.None _ -> KeeperOp.Streams.NONE;
            case Streams.Log _ -> KeeperOp.Streams.LOG;
            case Streams.Terminal _ -> KeeperOp.Streams.TERMINAL;
            case Streams.Inherit _ -> KeeperOp.Streams.INHERIT;
            case Streams.ConsoleSocket _ -> KeeperOp.Streams.CONSOLE_SOCKET;
        };
    }
}
