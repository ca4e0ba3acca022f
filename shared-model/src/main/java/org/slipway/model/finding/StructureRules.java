package org.slipway.model.finding;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;
import org.slipway.model.spec.NumberList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Types, required members, ranges and words, all from {@link SpecTable}; {@code null} is absence (CFG-06 to CFG-10). */
final class StructureRules {

    /** Lists of memory nodes; the other lists are of processors. */
    private static final Set<String> NODES = Set.of("mems", "nodes");

    /** Members of other platforms: read over, said once (CFG-11, PROC-14). */
    private static final Set<String> OTHER_PLATFORMS =
            Set.of("/windows", "/solaris", "/vm", "/zos", "/freebsd", "/process/commandLine", "/process/user/username");

    private final SpecTable table = SpecTable.get();
    private final Report report;

    private StructureRules(Report report) {
        this.report = report;
    }

    static void check(Config config, Report report) {
        StructureRules rules = new StructureRules(report);
        rules.members(config.root(), rules.table.children(""), "config.md");
    }

    private void members(Item object, List<Member> known, String section) {
        Set<String> names = new HashSet<>();
        for (Member member : known) {
            names.add(member.name());
            Item item = object.child(member.name());
            if (item.present()) {
                value(item, member);
            } else if (member.required()) {
                report.error("member-missing", item.pointer(), member.section(), Map.of("member", member.name()));
            }
        }
        for (Item item : object.members()) {
            if (names.contains(item.name())) {
                continue;
            }
            if (OTHER_PLATFORMS.contains(item.pointer())) {
                report.note(
                        "platform-ignored",
                        item.pointer(),
                        "config.md §Platform-specific configuration",
                        Map.of("member", item.name()));
            } else {
                misspelt(item, known, section);
            }
        }
    }

    /** Unknown members are never an error; one that differs from a known one only by case is likely a slip. */
    private void misspelt(Item item, List<Member> known, String section) {
        for (Member member : known) {
            if (member.name().equalsIgnoreCase(item.name())) {
                report.warning(
                        "member-misspelt",
                        item.pointer(),
                        section,
                        Map.of("member", item.name(), "known", member.name()));
            }
        }
    }

    private void value(Item item, Member member) {
        if (!fits(item.value(), member.type())) {
            report.error(
                    "type-wrong",
                    item.pointer(),
                    member.section(),
                    Map.of("expected", member.type().word(), "found", typeOf(item.value())));
            return;
        }
        switch (member.type()) {
            case OBJECT -> members(item, table.children(member), member.section());
            case LIST -> list(item, member);
            case MAP -> map(item, member);
            case BOOLEAN -> {}
            case STRING, PATH, CPUS -> text(item, member);
            default -> number(item, member);
        }
    }

    private void list(Item item, Member member) {
        if (member.nonempty() && item.value().isEmpty()) {
            report.error("list-empty", item.pointer(), member.section(), Map.of("member", item.name()));
        }
        Member element = table.children(member).getFirst();
        for (Item each : item.elements()) {
            value(each, element);
        }
    }

    private void map(Item item, Member member) {
        Member element = table.children(member).getFirst();
        for (Item each : item.members()) {
            if (each.name().indexOf('\0') >= 0) {
                report.error("text-nul", each.pointer(), member.section(), Map.of("text", printable(each.name())));
            }
            if (each.present()) {
                value(each, element);
            }
        }
    }

    private void text(Item item, Member member) {
        String text = item.value().stringValue();
        if (text.indexOf('\0') >= 0) {
            report.error("text-nul", item.pointer(), member.section(), Map.of("text", printable(text)));
        } else if (member.nonempty() && text.isEmpty()) {
            report.error("text-empty", item.pointer(), member.section(), Map.of("member", item.name()));
        } else if (member.type() == Member.Type.PATH && text.isEmpty()) {
            report.error("text-empty", item.pointer(), member.section(), Map.of("member", item.name()));
        } else if (member.type() == Member.Type.PATH && !text.startsWith("/")) {
            report.error(
                    "path-not-absolute",
                    item.pointer(),
                    member.section(),
                    Map.of("path", text),
                    new Edit.Set(item.pointer(), Report.json("/" + text)));
        } else if (member.type() == Member.Type.CPUS
                && NumberList.parse(text, most(member)).isEmpty()) {
            report.error("cpus-malformed", item.pointer(), member.section(), Map.of("value", text));
        } else if (!member.oneOf().isEmpty() && !member.oneOf().contains(text)) {
            unknownWord(item, member, text);
        }
    }

    private static int most(Member member) {
        return NODES.contains(member.name()) ? NumberList.NODES : NumberList.PROCESSORS;
    }

    private void unknownWord(Item item, Member member, String text) {
        Map<String, String> arguments = Map.of("value", text, "allowed", String.join(", ", member.oneOf()));
        List<String> near = member.oneOf().stream()
                .filter(word -> word.equalsIgnoreCase(text)
                        || word.toUpperCase(Locale.ROOT).endsWith("_" + text.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toList());
        if (near.size() == 1) {
            report.error(
                    "value-unknown",
                    item.pointer(),
                    member.section(),
                    arguments,
                    new Edit.Set(item.pointer(), Report.json(near.getFirst())));
        } else {
            report.error("value-unknown", item.pointer(), member.section(), arguments);
        }
    }

    private void number(Item item, Member member) {
        JsonNode value = item.value();
        if (!value.isIntegralNumber()) {
            Map<String, String> arguments = Map.of("value", value.toString());
            if (isWhole(value.decimalValue())) {
                BigInteger whole = value.decimalValue().toBigIntegerExact();
                report.error(
                        "number-not-whole",
                        item.pointer(),
                        member.section(),
                        arguments,
                        new Edit.Set(item.pointer(), JsonNodeFactory.instance.numberNode(whole)));
            } else {
                report.error("number-not-whole", item.pointer(), member.section(), arguments);
            }
            return;
        }
        BigInteger number = value.bigIntegerValue();
        boolean fits = number.compareTo(member.min()) >= 0 && number.compareTo(member.max()) <= 0;
        if (!fits && !(member.orZero() && number.signum() == 0)) {
            report.error(
                    "number-out-of-range",
                    item.pointer(),
                    member.section(),
                    Map.of(
                            "value",
                            number.toString(),
                            "min",
                            member.min().toString(),
                            "max",
                            member.max().toString()));
        }
    }

    /** Whether 1.0 or 1e3 was written; never expands 1e999999999. */
    private static boolean isWhole(BigDecimal value) {
        return Math.abs((long) value.scale()) < 64
                && value.precision() < 64
                && value.stripTrailingZeros().scale() <= 0;
    }

    private static boolean fits(JsonNode value, Member.Type type) {
        return switch (type) {
            case OBJECT, MAP -> value.isObject();
            case LIST -> value.isArray();
            case BOOLEAN -> value.isBoolean();
            case STRING, PATH, CPUS -> value.isString();
            default -> value.isNumber();
        };
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "list";
            case BOOLEAN -> "boolean";
            case STRING -> "string";
            case NUMBER -> "number";
            default -> "null";
        };
    }

    private static String printable(String text) {
        return text.replace("\0", "\\u0000");
    }
}
