package org.slipway.helper.lifecycle;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Document;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What update is asked for: a part of a configuration.
 *
 * @param change what shall be so
 * @param unmount targets of mounts that are taken away
 * @param explain only make the plan
 */
public record UpdateRequest(ObjectNode change, List<String> unmount, boolean explain) {

    public UpdateRequest {
        unmount = List.copyOf(unmount);
    }

    /** Nothing is taken away. */
    public UpdateRequest(ObjectNode change, boolean explain) {
        this(change, List.of(), explain);
    }

    /** One mount is taken away. */
    public static UpdateRequest unmounting(String target, boolean explain) {
        return new UpdateRequest(JsonNodeFactory.instance.objectNode(), List.of(target), explain);
    }

    /**
     * From what came of a caller.
     *
     * @param resources the text of a resources object (config-linux.md §Control groups)
     * @param changes the text of a part of a configuration
     * @throws Failure {@code update-refused} if one of them is no JSON object
     */
    public static UpdateRequest of(Optional<byte[]> resources, Optional<byte[]> changes, boolean explain)
            throws Failure {
        ObjectNode change = changes.isPresent() ? parsed(changes.get()) : JsonNodeFactory.instance.objectNode();
        if (resources.isPresent()) {
            if (!change.at("/linux/resources").isMissingNode()) {
                throw Failure.caller("update-two-ways", Map.of("member", "/linux/resources"));
            }
            ObjectNode given = parsed(resources.get());
            if (change.path("linux").isObject()) {
                change.withObject("/linux").set("resources", given);
            } else {
                change.putObject("linux").set("resources", given);
            }
        }
        return new UpdateRequest(change, explain);
    }

    /** From the text of a resources object. */
    public static UpdateRequest resources(String text) throws Failure {
        return of(Optional.of(text.getBytes(StandardCharsets.UTF_8)), Optional.empty(), false);
    }

    /** From the text of a part of a configuration. */
    public static UpdateRequest changes(String text) throws Failure {
        return of(Optional.empty(), Optional.of(text.getBytes(StandardCharsets.UTF_8)), false);
    }

    private static ObjectNode parsed(byte[] text) throws Failure {
        Document.Parsed parsed = Configurations.parse(text);
        if (parsed instanceof Document.Good good) {
            return good.document().tree();
        }
        throw Failure.refused("update-refused", Rules.check(parsed));
    }
}
