package org.slipway.workbench.form;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Conditions of a seccomp rule (config-linux.md §Seccomp) on one line: {@code arg0 == 5, arg1 & 0xff == 3}. The second form is
 * {@code SCMP_CMP_MASKED_EQ}: {@code value} is the mask, {@code valueTwo} what must be left.
 */
final class Conditions {

    private static final String MASKED = "SCMP_CMP_MASKED_EQ";
    private static final Map<String, String> SIGNS = Map.of(
            "SCMP_CMP_NE", "!=",
            "SCMP_CMP_LT", "<",
            "SCMP_CMP_LE", "<=",
            "SCMP_CMP_EQ", "==",
            "SCMP_CMP_GE", ">=",
            "SCMP_CMP_GT", ">");
    private static final Set<String> MEMBERS = Set.of("index", "value", "valueTwo", "op");
    private static final String NUMBER = "(0x[0-9a-fA-F]{1,16}|\\d{1,20})";
    private static final Pattern CONDITION =
            Pattern.compile("arg([0-5])\\s*(?:&\\s*" + NUMBER + "\\s*)?(==|!=|<=|>=|<|>)\\s*" + NUMBER);

    private Conditions() {}

    /** The line, or empty for anything that would lose something on it. */
    static Optional<String> show(JsonNode node) {
        if (!node.isArray()) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>();
        for (JsonNode condition : node) {
            Optional<String> one = one(condition);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            all.add(one.get());
        }
        return Optional.of(String.join(", ", all));
    }

    private static Optional<String> one(JsonNode condition) {
        JsonNode index = condition.path("index");
        JsonNode value = condition.path("value");
        JsonNode second = condition.path("valueTwo");
        String operation = condition.path("op").asString("");
        boolean plain = condition.isObject()
                && MEMBERS.containsAll(condition.propertyNames())
                && index.isIntegralNumber()
                && value.isIntegralNumber()
                && (second.isMissingNode() || second.isIntegralNumber());
        if (!plain) {
            return Optional.empty();
        }
        String argument = "arg" + index.bigIntegerValue();
        if (operation.equals(MASKED)) {
            String rest =
                    second.isMissingNode() ? "0" : second.bigIntegerValue().toString();
            return Optional.of(argument + " & 0x" + value.bigIntegerValue().toString(16) + " == " + rest);
        }
        boolean unused = second.isMissingNode() || second.bigIntegerValue().signum() == 0;
        return unused && SIGNS.containsKey(operation)
                ? Optional.of(argument + " " + SIGNS.get(operation) + " " + value.bigIntegerValue())
                : Optional.empty();
    }

    /** The list meant by a line. */
    static Optional<JsonNode> read(String text) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String word : text.split(",", -1)) {
            if (word.isBlank()) {
                continue;
            }
            Matcher matcher = CONDITION.matcher(word.strip());
            if (!matcher.matches()) {
                return Optional.empty();
            }
            ObjectNode condition = list.addObject().put("index", Integer.parseInt(matcher.group(1)));
            String mask = matcher.group(2);
            String sign = matcher.group(3);
            if (mask == null) {
                condition.put("value", number(matcher.group(4)));
                condition.put("op", operation(sign));
            } else if (sign.equals("==")) {
                condition.put("value", number(mask));
                condition.put("valueTwo", number(matcher.group(4)));
                condition.put("op", MASKED);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(list);
    }

    private static String operation(String sign) {
        return SIGNS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(sign))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static BigInteger number(String text) {
        return text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
    }
}
