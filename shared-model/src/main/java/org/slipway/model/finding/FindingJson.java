package org.slipway.model.finding;

import java.util.List;
import java.util.Locale;
import org.slipway.model.json.Edit;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Findings as {@code slipway validate --format json} prints them: {@code {"findings":[{"code":…,"fix":{"edit":"set",…}}]}}. */
public final class FindingJson {

    private FindingJson() {}

    /** The findings, in their order; {@code fix} is absent where no one edit mends it. */
    public static ObjectNode of(List<Finding> findings) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        var array = all.putArray("findings");
        findings.forEach(finding -> array.add(one(finding)));
        return all;
    }

    private static ObjectNode one(Finding finding) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("code", finding.code())
                .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                .put("pointer", finding.pointer())
                .put("line", finding.line())
                .put("column", finding.column())
                .put("rule", finding.rule());
        ObjectNode arguments = node.putObject("arguments");
        finding.arguments().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(argument -> arguments.put(argument.getKey(), argument.getValue()));
        finding.fix().ifPresent(fix -> node.set("fix", edit(fix)));
        return node;
    }

    private static ObjectNode edit(Edit edit) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        switch (edit) {
            case Edit.Set set ->
                node.put("edit", "set").put("pointer", set.pointer()).set("value", set.value());
            case Edit.Remove remove -> node.put("edit", "remove").put("pointer", remove.pointer());
            case Edit.Rename rename ->
                node.put("edit", "rename").put("pointer", rename.pointer()).put("name", rename.name());
            case Edit.Insert insert ->
                node.put("edit", "insert")
                        .put("pointer", insert.array())
                        .put("index", insert.index())
                        .set("value", insert.value());
            case Edit.Move move ->
                node.put("edit", "move")
                        .put("pointer", move.array())
                        .put("from", move.from())
                        .put("to", move.to());
        }
        return node;
    }
}
