package org.slipway.workbench.form;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.workbench.text.Quantity;
import org.slipway.workbench.text.Words;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How a value stands in a field of the form: {@code 67108864} as {@code 64 MiB}, a list of words as a line. */
enum Codec {
    /** A string, one line; a line feed shows as {@value #LINE_FEED}. */
    TEXT {
        @Override
        Optional<String> show(JsonNode node) {
            // a text that holds the mark itself could not be told from one with a line feed
            return node.isString() && node.asString().indexOf(LINE_FEED) < 0
                    ? Optional.of(node.asString().replace('\n', LINE_FEED))
                    : Optional.empty();
        }

        @Override
        Optional<JsonNode> read(String text) {
            return Optional.of(JSON.stringNode(text.replace(LINE_FEED, '\n')));
        }
    },

    /** A whole number. */
    NUMBER {
        @Override
        Optional<String> show(JsonNode node) {
            return node.isIntegralNumber() ? Optional.of(node.bigIntegerValue().toString()) : Optional.empty();
        }

        @Override
        Optional<JsonNode> read(String text) {
            String digits = text.strip();
            return digits.matches("-?\\d{1,20}")
                    ? Optional.of(JSON.numberNode(new BigInteger(digits)))
                    : Optional.empty();
        }
    },

    /** A number of bytes. */
    SIZE {
        @Override
        Optional<String> show(JsonNode node) {
            return node.isIntegralNumber() && node.canConvertToLong()
                    ? Optional.of(Quantity.size(node.longValue()))
                    : Optional.empty();
        }

        @Override
        Optional<JsonNode> read(String text) {
            OptionalLong bytes = Quantity.parseSize(text);
            return bytes.isPresent() ? Optional.of(JSON.numberNode(bytes.getAsLong())) : Optional.empty();
        }
    },

    /** A list of strings on one line, see {@link Words}. */
    WORDS {
        @Override
        Optional<String> show(JsonNode node) {
            return strings(node).map(Words::join);
        }

        @Override
        Optional<JsonNode> read(String text) {
            return Words.split(text).map(Codec::array);
        }
    },

    /** A list of strings with commas between them, none inside. */
    COMMAS {
        @Override
        Optional<String> show(JsonNode node) {
            return strings(node)
                    .filter(words -> words.stream().noneMatch(word -> word.contains(",") || word.isBlank()))
                    .map(words -> String.join(", ", words));
        }

        @Override
        Optional<JsonNode> read(String text) {
            return Optional.of(array(java.util.Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList()));
        }
    },

    /** The same, shown as chips. */
    CHIPS {
        @Override
        Optional<String> show(JsonNode node) {
            return COMMAS.show(node);
        }

        @Override
        Optional<JsonNode> read(String text) {
            return COMMAS.read(text);
        }
    },

    /** True or false, as a word. */
    FLAG {
        @Override
        Optional<String> show(JsonNode node) {
            return node.isBoolean() ? Optional.of(String.valueOf(node.booleanValue())) : Optional.empty();
        }

        @Override
        Optional<JsonNode> read(String text) {
            return switch (text.strip()) {
                case "true" -> Optional.of(JSON.booleanNode(true));
                case "false" -> Optional.of(JSON.booleanNode(false));
                default -> Optional.empty();
            };
        }
    },

    /** Permission bits: {@code 438} as {@code 0666}. */
    OCTAL {
        @Override
        Optional<String> show(JsonNode node) {
            return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0
                    ? Optional.of("0" + Long.toOctalString(node.longValue()))
                    : Optional.empty();
        }

        @Override
        Optional<JsonNode> read(String text) {
            String digits = text.strip();
            return digits.matches("[0-7]{1,8}")
                    ? Optional.of(JSON.numberNode(Long.parseLong(digits, 8)))
                    : Optional.empty();
        }
    },

    /** Ranges of ids as {@code container:host:size}, with commas between them. */
    MAPPINGS {
        @Override
        Optional<String> show(JsonNode node) {
            return Ranges.show(node);
        }

        @Override
        Optional<JsonNode> read(String text) {
            return Ranges.read(text);
        }
    },

    /** Conditions on the arguments of a system call, such as {@code arg0 == 5, arg1 & 0xff == 3}. */
    CONDITIONS {
        @Override
        Optional<String> show(JsonNode node) {
            return Conditions.show(node);
        }

        @Override
        Optional<JsonNode> read(String text) {
            return Conditions.read(text);
        }
    },

    /** A list of whole numbers with commas between them. */
    NUMBERS {
        @Override
        Optional<String> show(JsonNode node) {
            if (!node.isArray() || node.valueStream().anyMatch(item -> !item.isIntegralNumber())) {
                return Optional.empty();
            }
            return Optional.of(String.join(
                    ", ",
                    node.valueStream()
                            .map(item -> item.bigIntegerValue().toString())
                            .toList()));
        }

        @Override
        Optional<JsonNode> read(String text) {
            ArrayNode array = JSON.arrayNode();
            for (String word : text.split(",", -1)) {
                if (!word.isBlank()) {
                    Optional<JsonNode> number = NUMBER.read(word);
                    if (number.isEmpty()) {
                        return Optional.empty();
                    }
                    array.add(number.get());
                }
            }
            return Optional.of(array);
        }
    };

    /** Stands for a line feed in a field of one line. */
    static final char LINE_FEED = '↵';

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The value as text, or empty if this kind of field can't show it without losing something. */
    abstract Optional<String> show(JsonNode node);

    /** The value meant by a text, or empty if it means none. */
    abstract Optional<JsonNode> read(String text);

    private static Optional<List<String>> strings(JsonNode node) {
        return node.isArray() && node.valueStream().allMatch(JsonNode::isString)
                ? Optional.of(node.valueStream().map(JsonNode::asString).toList())
                : Optional.empty();
    }

    private static JsonNode array(List<String> words) {
        ArrayNode array = JSON.arrayNode();
        words.forEach(array::add);
        return array;
    }
}
