package org.slipway.helper.command;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.helper.lifecycle.Event;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Subscription;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Status;
import org.slipway.model.wire.Wire;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Prints what a container uses and what happens to its memory, a line of JSON each. */
@Command(name = "events", description = "Prints statistics and out-of-memory events, a line of JSON each.")
final class EventsCommand implements Action {

    private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|us|ns|h|m|s)");
    private static final Map<String, Double> NANOS =
            Map.of("h", 3.6e12, "m", 6e10, "s", 1e9, "ms", 1e6, "us", 1e3, "ns", 1.0);

    /** What wakes the command. */
    private enum Wake {
        OUT_OF_MEMORY,
        END
    }

    @Option(names = "--stats", description = "Prints the statistics once and ends.")
    boolean stats;

    @Option(names = "--interval", paramLabel = "D", description = "Time between statistics, such as 5s or 1m30s.")
    String interval = "5s";

    @Parameters(paramLabel = "ID", arity = "1")
    String id = "";

    @Override
    public int run(Context context) throws Failure, IOException, InterruptedException {
        Duration pause = duration(interval);
        Owned name = context.name(id);
        if (stats) {
            print(context, "stats", Optional.of(context.need().gate().statistics(name)));
            return 0;
        }
        BlockingQueue<Wake> woken = new LinkedBlockingQueue<>();
        Thread client = Thread.ofVirtual().name("events-client").start(() -> untilGone(context, woken));
        try (Subscription _ = context.need().gate().watch(Optional.of(name.uid()), new Listener(name, woken))) {
            print(context, "stats", Optional.of(context.need().gate().statistics(name)));
            long next = System.nanoTime() + pause.toNanos();
            while (true) {
                Wake wake = woken.poll(next - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (wake == Wake.END) {
                    return 0;
                } else if (wake == Wake.OUT_OF_MEMORY) {
                    print(context, "oom", Optional.empty());
                } else {
                    next = System.nanoTime() + pause.toNanos();
                    Optional<ObjectNode> now = live(context, name);
                    if (now.isEmpty()) {
                        return 0;
                    }
                    print(context, "stats", now);
                }
            }
        } finally {
            client.interrupt();
        }
    }

    private static Optional<ObjectNode> live(Context context, Owned name) throws Failure {
        try {
            return Optional.of(context.need().gate().statistics(name));
        } catch (Failure e) {
            if (e.fault() == Failure.Fault.STATE || e.code().equals("container-unknown")) {
                return Optional.empty(); // it has ended meanwhile
            }
            throw e;
        }
    }

    /** Whoever typed it went away, or wants an end. */
    private static void untilGone(Context context, BlockingQueue<Wake> woken) {
        try {
            while (!(context.need().frames().told().take() instanceof FrameClient.Told.Size)) {
                woken.add(Wake.END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the command has ended
        } catch (Failure e) {
            woken.add(Wake.END);
        }
    }

    private record Listener(Owned name, BlockingQueue<Wake> woken) implements Subscription.Listener {
        @Override
        public void event(Event event) {
            if (!event.name().equals(name)) {
                return;
            }
            switch (event) {
                case Event.OutOfMemory _ -> woken.add(Wake.OUT_OF_MEMORY);
                case Event.Removed _ -> woken.add(Wake.END);
                case Event.Changed changed when changed.container().status() == Status.STOPPED -> woken.add(Wake.END);
                default -> {}
            }
        }

        @Override
        public void fellBehind() {
            woken.add(Wake.END);
        }
    }

    private void print(Context context, String type, Optional<ObjectNode> data) throws IOException {
        ObjectNode line = Wire.object().put("type", type).put("id", id);
        data.ifPresent(node -> line.set("data", node));
        context.out(line + "\n");
    }

    /** {@code 5s}, {@code 1m30s}, {@code 500ms}: as Go writes durations. */
    static Duration duration(String text) throws Failure {
        Matcher part = PART.matcher(text);
        double nanos = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos += Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0.0);
            end = part.end();
        }
        if (end != text.length() || nanos < 1e6 || nanos > 1e18) {
            throw Failure.caller("interval-malformed", Map.of("value", text));
        }
        return Duration.ofNanos((long) nanos);
    }
}
