package org.slipway.helper.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.UpdateRequest;
import org.slipway.helper.lifecycle.UpdateView;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.plan.Explanation;
import org.slipway.model.wire.Wire;
import org.slipway.model.wire.WireException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists the mounts of a container that lives, adds some, or takes one away. */
@Command(
        name = "mounts",
        description = "Lists what is mounted in a container; add ID FILE mounts more, remove ID TARGET takes one away.")
final class MountsCommand implements Action {

    @Option(names = "--explain", description = "Prints the plan of add or remove; changes nothing.")
    boolean explain;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "table|json",
            description = "Form of the list.")
    ContainerCommands.ListThem.Format form = ContainerCommands.ListThem.Format.table;

    @Parameters(
            paramLabel = "[add|remove] ID [FILE|-|TARGET]",
            arity = "1..3",
            description = "FILE holds a mount as in the configuration, or an array of them; - is standard input.")
    List<String> words = List.of();

    @Override
    public int run(Context context) throws Failure, IOException {
        if (words.size() == 1) {
            list(context, context.need().gate().mounts(context.name(words.getFirst())));
            return 0;
        }
        if (words.size() != 3 || !List.of("add", "remove").contains(words.getFirst())) {
            throw Failure.caller("mounts-usage", Map.of());
        }
        UpdateRequest request = words.getFirst().equals("add")
                ? adding(context, words.get(2))
                : UpdateRequest.unmounting(words.get(2), explain);
        UpdateView view = context.need().gate().update(context.name(words.get(1)), request);
        if (explain) {
            context.out(
                    Explanation.json(List.of(view.plan())).get("plans").get(0).toPrettyString() + "\n");
        }
        for (Finding notice : view.notices()) {
            context.warn(Sentences.of(Views.finding(notice)));
        }
        return 0;
    }

    private UpdateRequest adding(Context context, String file) throws Failure, IOException {
        byte[] text;
        try {
            text = context.client().read(file.equals("-") ? "/dev/stdin" : file, context.largest());
        } catch (Client.FileTrouble e) {
            throw BundleCommands.unreadable("update-unreadable", e, context.largest());
        }
        ObjectNode change = Wire.object();
        try {
            JsonNode given = Wire.tree(text);
            change.set("mounts", given.isArray() ? given : change.arrayNode().add(given));
        } catch (WireException e) {
            throw Failure.caller("mounts-malformed", Map.of("text", String.valueOf(e.getMessage())));
        }
        // read once more as a change is, with its limits and its rules about duplicate names
        return UpdateRequest.of(
                Optional.empty(),
                Optional.of(change.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                explain);
    }

    private void list(Context context, ArrayNode mounts) throws IOException {
        if (form == ContainerCommands.ListThem.Format.json) {
            context.out(mounts.toPrettyString() + "\n");
            return;
        }
        StringBuilder table = new StringBuilder(line("TARGET", "TYPE", "OPTIONS", "MEMBER"));
        for (JsonNode mount : mounts) {
            table.append(line(
                    mount.path("target").asString(""),
                    mount.path("type").asString(""),
                    mount.path("options").asString(""),
                    mount.path("member").asString("-")));
        }
        context.out(table.toString());
    }

    /** Without control characters: a target is named by whoever mounts inside. */
    private static String line(String target, String type, String options, String member) {
        return String.format("%-32s %-10s %-36s %s%n", target, type, options, member)
                .replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
    }
}
