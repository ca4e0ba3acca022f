package org.slipway.workbench.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slipway.model.check.Checked;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Confinement;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.wire.Reply;
import org.slipway.workbench.text.FindingText;
import org.slipway.workbench.text.Texts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** Compiles the plan that is only shown: by the same compiler as the helper, with the helper's facts if there is one. */
public final class Explain implements PlanModel.Compiler {

    @Override
    public PlanModel.Result compile(Document document, Path bundle, PlanModel.Target target) {
        HostFacts own =
                target.helper().map(Reply.Info::facts).flatMap(Explain::read).orElseGet(OwnHost::read);
        HostFacts host = target.machine().facts(own);
        Checked checked = Checked.of(new Document.Good(document), spec -> {
            PlanRequest plain = PlanRequest.explain(spec, bundle.toString(), name(target), directory(target), host);
            return confinement(target).map(plain::confinedTo).orElse(plain);
        });
        return checked.plans()
                .map(ready -> new PlanModel.Result(ready.all(), sentences(checked.machine())))
                .orElseGet(() -> none(sentences(checked.findings().stream()
                        .filter(finding -> finding.severity() == Severity.ERROR)
                        .toList())));
    }

    /** The container's name; while none that can be is typed, the plan is that of a container called container. */
    private static Owned name(PlanModel.Target target) {
        return new Owned(
                target.helper().map(info -> (int) info.uid()).orElseGet(Explain::self),
                ContainerId.parse(target.id()).orElseGet(() -> new ContainerId("container")));
    }

    /**
     * Whom the plan becomes: us, where the helper confines us or the person asks how that would be. Ranges that only the helper
     * has looked up are left out.
     */
    private static Optional<Confinement> confinement(PlanModel.Target target) {
        if (target.machine() == Machine.ROOTLESS) {
            return Optional.of(Confinement.of(self(), own("unix:gid")));
        }
        return target.helper()
                .filter(info -> info.tier().equals("confined") && target.machine() == Machine.THIS)
                .map(info -> Confinement.of((int) info.uid(), own("unix:gid")));
    }

    /** Where the helper keeps its state; without one, where a helper of root's would. */
    private static String directory(PlanModel.Target target) {
        return target.helper()
                .map(info -> info.facts().at("/helper/directory").asString(""))
                .filter(path -> path.startsWith("/"))
                .orElse("/run/slipway");
    }

    /** Our own user id: whom a helper would take us for. */
    private static int self() {
        return own("unix:uid");
    }

    private static int own(String id) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), id);
        } catch (IOException | UnsupportedOperationException e) {
            return 0;
        }
    }

    private static String sentences(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.pointer() + ": " + FindingText.sentence(finding))
                .collect(Collectors.joining("; "));
    }

    private static PlanModel.Result none(String why) {
        return new PlanModel.Result(List.of(), Texts.of("plan.refused", why));
    }

    private static Optional<HostFacts> read(ObjectNode facts) {
        if (!facts.hasNonNull("cgroups")) {
            return Optional.empty();
        }
        try {
            return Optional.of(PlanJson.facts(facts));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
