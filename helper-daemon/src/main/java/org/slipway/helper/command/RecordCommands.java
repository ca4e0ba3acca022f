package org.slipway.helper.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.hook.HookRun;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.TraceView;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Comparison;
import org.slipway.model.json.Document;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;
import org.slipway.model.trace.TraceText;
import org.slipway.model.wire.Wire;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands that print what is recorded of a container; each is what a page of the window shows. */
final class RecordCommands {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long MILLI = 1_000_000;

    private RecordCommands() {}

    @Command(name = "trace", description = "Prints what became of each step of a container's plans.")
    static final class Trace implements Action {
        @Option(names = "--json", description = "As data: the plans and the records.")
        boolean json;

        @Option(names = "--exec", paramLabel = "EXEC", description = "Of what was executed in it under that id.")
        @Nullable String exec;

        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Override
        public int run(Context context) throws Failure, IOException {
            Owned name = context.name(id);
            TraceView trace = exec == null
                    ? context.need().gate().trace(name)
                    : context.need().gate().execs().trace(name, executed(exec));
            if (json) {
                ObjectNode all = Wire.object();
                ArrayNode plans = all.putArray("plans");
                trace.plans().forEach(plan -> plans.add(Views.plan(plan)));
                ArrayNode records = all.putArray("records");
                trace.records().forEach(record -> records.add(Wire.toNode(record)));
                context.out(all.toPrettyString() + "\n");
            } else {
                context.out(lines(TraceText.lines(trace.plans(), trace.records(), Sentences.shared())));
            }
            return 0;
        }

        private static ContainerId executed(String text) throws Failure {
            return ContainerId.parse(text).orElseThrow(() -> Failure.caller("exec-id-illegal", Map.of("exec", text)));
        }
    }

    @Command(name = "hooks", description = "Prints the runs of a container's hooks, with their output.")
    static final class Hooks implements Action {
        @Option(names = "--json", description = "As data; output is Base64.")
        boolean json;

        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Override
        public int run(Context context) throws Failure, IOException {
            Owned name = context.name(id);
            List<HookRun> runs = context.need().gate().hooks(name);
            JsonNode hooks = JSON.readTree(
                            context.need().gate().configuration(name).recorded())
                    .path("hooks");
            ArrayNode all = JSON.createArrayNode();
            var text = new StringBuilder();
            for (HookRun run : runs) {
                JsonNode hook = hooks.path(run.kind().member()).path(run.position());
                ObjectNode node = Views.hook(run);
                node.set("hook", hook);
                all.add(node);
                text.append(text(run, hook));
            }
            context.out(json ? all.toPrettyString() + "\n" : text.toString());
            return 0;
        }

        private static String text(HookRun run, JsonNode hook) {
            var text = new StringBuilder("%s[%d] %s: %s, %d ms%s%n"
                    .formatted(
                            run.kind().member(),
                            run.position(),
                            command(hook),
                            run.ended() ? "status " + run.status() : "running",
                            run.nanos() / MILLI,
                            hook.has("timeout") ? " of " + hook.path("timeout").asLong(0) + " s" : ""));
            hook.path("env").forEach(variable -> text.append("  env: %s%n".formatted(variable.asString(""))));
            indented(text, "  out: ", run.output().bytes());
            indented(text, "  err: ", run.errors().bytes());
            return text.toString();
        }

        /** The program and what it is given; the first argument is only what it is called. */
        private static String command(JsonNode hook) {
            var words = new StringBuilder(hook.path("path").asString(""));
            hook.path("args")
                    .valueStream()
                    .skip(1)
                    .forEach(word -> words.append(' ').append(word.asString("")));
            return words.toString();
        }

        private static void indented(StringBuilder text, String before, byte[] output) {
            new String(output, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> text.append(before).append(line).append('\n'));
        }
    }

    @Command(
            name = "drift",
            description =
                    "Prints how the bundle's configuration differs from what the container was made from; status 1 if it does.")
    static final class Drift implements Action {
        @Option(names = "--json", description = "As data: pointer, recorded and now.")
        boolean json;

        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Override
        public int run(Context context) throws Failure, IOException {
            Owned name = context.name(id);
            ContainerView view = context.need().gate().state(name);
            JsonNode recorded =
                    JSON.readTree(context.need().gate().configuration(name).recorded());
            List<Comparison.Difference> differences =
                    Comparison.of(recorded, tree(BundleCommands.readConfig(context, view.bundle(), "config.json")));
            if (json) {
                ArrayNode all = JSON.createArrayNode();
                differences.forEach(difference -> {
                    ObjectNode node = all.addObject().put("pointer", difference.pointer());
                    difference.mine().ifPresent(value -> node.set("recorded", value));
                    difference.theirs().ifPresent(value -> node.set("now", value));
                });
                context.out(all.toPrettyString() + "\n");
            } else {
                context.out(lines(differences.stream()
                        .map(difference -> "%s: %s -> %s"
                                .formatted(
                                        difference.pointer(),
                                        difference
                                                .mine()
                                                .map(JsonNode::toString)
                                                .orElse("(absent)"),
                                        difference
                                                .theirs()
                                                .map(JsonNode::toString)
                                                .orElse("(absent)")))
                        .toList()));
            }
            return differences.isEmpty() ? 0 : 1;
        }

        private static JsonNode tree(byte[] text) throws Failure {
            Document.Parsed parsed = Configurations.parse(text);
            if (parsed instanceof Document.Good good) {
                return good.document().tree();
            }
            throw Failure.refused(Rules.check(parsed));
        }
    }

    @Command(name = "logs", description = "Prints what a container wrote to its output, as far as the helper keeps it.")
    static final class Logs implements Action {
        @Option(
                names = {"-f", "--follow"},
                description = "Goes on until the container ends.")
        boolean follow;

        @Option(
                names = {"-t", "--timestamps"},
                description = "With the time of each line.")
        boolean timestamps;

        @Option(names = "--json", description = "A line of JSON for each line of output; data is Base64.")
        boolean json;

        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Override
        public int run(Context context) throws Failure, IOException, InterruptedException {
            try (LogStream lines = context.need().gate().logs(context.name(id), follow)) {
                for (Optional<LogLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                    print(context, line.get());
                }
            }
            return 0;
        }

        private void print(Context context, LogLine line) throws IOException {
            if (json) {
                ObjectNode node = JSON.createObjectNode()
                        .put("stream", line.stream())
                        .put("at", line.at())
                        .put("partial", line.partial())
                        .put(
                                "data",
                                Base64.getEncoder().encodeToString(line.data().bytes()));
                context.out(node + "\n");
                return;
            }
            byte[] before = timestamps ? (line.at() + " ").getBytes(StandardCharsets.UTF_8) : new byte[0];
            byte[] data = line.data().bytes();
            byte[] whole = new byte[before.length + data.length + (line.partial() ? 0 : 1)];
            System.arraycopy(before, 0, whole, 0, before.length);
            System.arraycopy(data, 0, whole, before.length, data.length);
            if (!line.partial()) {
                whole[whole.length - 1] = '\n';
            }
            if (line.stream().toLowerCase(Locale.ROOT).equals("stderr")) {
                context.client().err(whole);
            } else {
                context.client().out(whole);
            }
        }
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
