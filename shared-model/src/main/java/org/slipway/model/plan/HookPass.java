package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.plan.HookOp.Kind;
import org.slipway.model.plan.HookOp.RunHook;
import org.slipway.model.spec.Hook;
import org.slipway.model.spec.Hooks;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;

/** Hooks of one kind, each with the state object it will read (HOOK-08 to HOOK-10). */
final class HookPass {

    private HookPass() {}

    static List<Draft> of(Spec spec, String bundle, Owned name, Kind kind) {
        return of(spec, bundle, name, kind, 0);
    }

    /** A hook without a timeout gets that one, in seconds; 0: none. */
    static List<Draft> of(Spec spec, String bundle, Owned name, Kind kind, int timeout) {
        List<Hook> hooks = hooks(spec.hooks(), kind);
        if (hooks.isEmpty()) {
            return List.of();
        }
        StateText state = StateText.of(spec, bundle, name, status(spec, kind));
        List<Draft> steps = new ArrayList<>();
        for (int i = 0; i < hooks.size(); i++) {
            Hook hook = hooks.get(i);
            RunHook run = new RunHook(
                    kind,
                    i,
                    hook.path(),
                    hook.args().isEmpty() ? List.of(hook.path()) : hook.args(),
                    hook.env(),
                    hook.timeoutSeconds().orElse(timeout) * 1000L,
                    state.head(),
                    state.tail());
            steps.add(Draft.of(actor(kind), phase(kind), field("/hooks/" + kind.member() + "/" + i), run));
        }
        return steps;
    }

    static List<Hook> hooks(Hooks hooks, Kind kind) {
        return switch (kind) {
            case PRESTART -> hooks.prestart();
            case CREATE_RUNTIME -> hooks.createRuntime();
            case CREATE_CONTAINER -> hooks.createContainer();
            case START_CONTAINER -> hooks.startContainer();
            case POSTSTART -> hooks.poststart();
            case POSTSTOP -> hooks.poststop();
        };
    }

    private static Status status(Spec spec, Kind kind) {
        return switch (kind) {
            case PRESTART -> spec.lifecycle().prestartInStart() ? Status.CREATED : Status.CREATING;
            case CREATE_RUNTIME, CREATE_CONTAINER -> Status.CREATING;
            case START_CONTAINER -> Status.CREATED;
            case POSTSTART -> Status.RUNNING;
            case POSTSTOP -> Status.STOPPED;
        };
    }

    private static Actor actor(Kind kind) {
        return switch (kind) {
            case PRESTART, CREATE_RUNTIME, POSTSTART, POSTSTOP -> Actor.HELPER;
            case CREATE_CONTAINER, START_CONTAINER -> Actor.INIT;
        };
    }

    private static Phase phase(Kind kind) {
        return switch (kind) {
            case PRESTART, CREATE_RUNTIME -> Phase.RUNTIME_HOOKS;
            case CREATE_CONTAINER -> Phase.CONTAINER_HOOKS;
            case START_CONTAINER -> Phase.START_HOOKS;
            case POSTSTART -> Phase.POSTSTART_HOOKS;
            case POSTSTOP -> Phase.POSTSTOP_HOOKS;
        };
    }
}
