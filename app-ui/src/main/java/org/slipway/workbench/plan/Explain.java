package org.slipway.workbench.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slipway.model.json.Document;
import org.slipway.model.plan.Compiled;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.PlanJson;
import org.slipway.model.plan.PlanRequest;
import org.slipway.model.plan.Planner;
import org.slipway.model.spec.Spec;
import org.slipway.workbench.text.FindingText;
import org.slipway.workbench.text.Texts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** Compiles the plan that is only shown: by the same compiler as the helper, with the helper's facts if there is one. */
public final class Explain implements PlanModel.Compiler {

    @Override
    public PlanModel.Result compile(Document document, Path bundle, Optional<ObjectNode> facts) {
        Spec spec;
        try {
            spec = Spec.read(document.tree());
        } catch (IllegalArgumentException e) {
            return none(String.valueOf(e.getMessage()));
        }
        HostFacts host = facts.flatMap(Explain::read).orElseGet(HostFacts::v2);
        return switch (Planner.compile(PlanRequest.explain(spec, bundle.toString(), "container", host))) {
            case Compiled.Ready ready -> {
                List<Plan> plans = new ArrayList<>();
                plans.add(ready.create());
                ready.start().ifPresent(plans::add);
                yield new PlanModel.Result(plans, "");
            }
            case Compiled.Refused refused ->
                none(refused.problems().stream().map(FindingText::sentence).collect(Collectors.joining("; ")));
        };
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
