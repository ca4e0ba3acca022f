package org.slipway.helper.command;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.StopRequest;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.profile.States;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Signals;
import org.slipway.model.state.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the program to end, and ends it. */
@Command(name = "stop", description = "Asks the program of a container to end, and after a time kills it.")
final class StopCommand implements Action {

    private static final int SIGKILL = 9;
    private static final int LONGEST = 86_400;

    @Option(
            names = {"-s", "--signal"},
            paramLabel = "SIGNAL",
            description = "Instead of the annotation org.opencontainers.image.stopSignal, or TERM.")
    @Nullable String signal;

    @Option(
            names = {"-t", "--time"},
            paramLabel = "SECONDS",
            description = "How long it may take before it is killed; default: 10.")
    int seconds = 10;

    @Option(names = "--delete", description = "Deletes the container then.")
    boolean delete;

    @Parameters(paramLabel = "ID", arity = "1")
    String id = "";

    @Override
    public int run(Context context) throws Failure, IOException, InterruptedException {
        Owned name = context.name(id);
        Gate gate = context.need().gate();
        ContainerView view = gate.state(name);
        switch (States.own(Views.state(view)).operations().stop()) {
            case DELETES -> endAndDelete(gate, view);
            case KEEPS -> end(gate, view);
            case NONE -> ask(context);
        }
        return 0;
    }

    /** As 0.4 has it: only of one that runs, and nothing stays (DRAFT-0.4-07, DRAFT-0.4-08). */
    private void endAndDelete(Gate gate, ContainerView view) throws Failure {
        if (view.status() != Status.RUNNING && view.status() != Status.PAUSED) {
            throw Failure.state(
                    "container-not-running",
                    Map.of("id", id, "status", view.status().word()));
        }
        gate.delete(view.name(), true);
    }

    /** As the split draft has it: what create made stays until delete (DRAFT-0430AAF-12, DRAFT-0430AAF-13). */
    private static void end(Gate gate, ContainerView view) throws Failure, InterruptedException {
        if (view.status() != Status.STOPPED) {
            gate.kill(view.name(), SIGKILL, true);
            var _ = gate.awaitExit(view.name());
        }
    }

    /** As this runtime has it for releases, which have no such operation. */
    private void ask(Context context) throws Failure, IOException {
        OptionalInt number = OptionalInt.empty();
        if (signal != null) {
            number = Signals.parse(signal);
            if (number.isEmpty()) {
                throw Failure.caller("signal-unknown", Map.of("signal", signal));
            }
        }
        if (seconds < 0 || seconds > LONGEST) {
            throw Failure.caller("number-malformed", Map.of("option", "--time", "value", "" + seconds));
        }
        Optional<Finding> doubt = context.need()
                .gate()
                .stop(context.name(id), new StopRequest(number, Duration.ofSeconds(seconds), delete));
        if (doubt.isPresent()) {
            context.warn(Sentences.of(Views.finding(doubt.get())));
        }
    }
}
