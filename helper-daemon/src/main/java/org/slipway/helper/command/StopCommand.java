package org.slipway.helper.command;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.StopRequest;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.state.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the program to end, and ends it. */
@Command(name = "stop", description = "Asks the program of a container to end, and after a time kills it.")
final class StopCommand implements Action {

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
    public int run(Context context) throws Failure, IOException {
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
        return 0;
    }
}
