package org.slipway.model.plan;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.model.spec.NumberList;

/**
 * What the files of control groups say of what was written to them. Some hold one value, some a line for each device, interface or
 * resource, and those that were never written have no line at all.
 */
public final class Readings {

    /** Above it v1 means no limit: the largest counter of pages. */
    private static final BigInteger NO_LIMIT = BigInteger.ONE.shiftLeft(62);

    private Readings() {}

    /** Reads a file of the kernel. */
    public interface Present {
        /** Its text; empty if it is not there or cannot be read. */
        Optional<String> text(String file);
    }

    /** What has to be written to a file to have it as it is now, where a value is about to be written. */
    public static String former(String file, String text, String value) {
        if (file.endsWith("/schemata")) {
            return schema(text, value) + "\n";
        } else if (file.endsWith("/devices.list")) {
            return text;
        }
        String found = found(file, text, value);
        if (!found.isEmpty()) {
            return file.contains(".limit_in_bytes") && unlimited(found) ? "-1" : found;
        }
        return keyed(file, value) ? key(value) + removal(file, value) : "\n";
    }

    /**
     * What a file says of a value that was written: the same words where they mean the same.
     *
     * @return empty if it says nothing of it
     */
    public static String found(String file, String text, String value) {
        if (file.endsWith("/schemata")) {
            return schema(text, value);
        } else if (file.endsWith("/memory.oom_control")) {
            return text.lines()
                    .findFirst()
                    .map(line -> line.replaceAll(".* ", ""))
                    .orElse("");
        } else if (!keyed(file, value)) {
            String first = text.lines().findFirst().orElse("").strip();
            return first.startsWith("default ") ? first.substring("default ".length()) : first;
        }
        String line = text.lines()
                .map(String::strip)
                .filter(candidate -> candidate.startsWith(key(value) + " "))
                .findFirst()
                .orElse("");
        return line.isEmpty() || !value.contains("=") ? line : narrowed(file, line, value);
    }

    /** Whether a file's text says what was written. */
    public static boolean same(String file, String text, String value) {
        String wanted = value.strip();
        String found = found(file, text, value).strip();
        if (wanted.equals(found)) {
            return true;
        } else if (file.endsWith("/schemata")) {
            return masks(found).entrySet().containsAll(masks(wanted).entrySet());
        } else if (found.isEmpty() && keyed(file, value)) {
            return wanted.equals(key(value) + removal(file, value));
        } else if (file.endsWith("cpuset.cpus") || file.endsWith("cpuset.mems")) {
            return NumberList.parse(wanted, NumberList.PROCESSORS)
                    .equals(NumberList.parse(found, NumberList.PROCESSORS));
        } else if (file.contains("/hugetlb.") && unlimited(wanted)) {
            return unlimited(found) || found.equals("max");
        }
        return wanted.equals("-1") && unlimited(found);
    }

    /** Whether a file has a line for each of many things. */
    private static boolean keyed(String file, String value) {
        return value.strip().contains(" ") && !file.endsWith("/cpu.max");
    }

    private static String key(String value) {
        return value.strip().split(" ", 2)[0];
    }

    /** How a line is taken out of a file again. */
    private static String removal(String file, String value) {
        if (!value.contains("=")) {
            return file.contains("weight") ? " default" : " 0";
        }
        String none = file.endsWith("/io.latency") ? "0" : "max";
        StringBuilder words = new StringBuilder();
        for (String name : names(value)) {
            words.append(' ').append(name).append('=').append(none);
        }
        return words.toString();
    }

    /** Of a line with many settings those that the value names. */
    private static String narrowed(String file, String line, String value) {
        Map<String, String> settings = new TreeMap<>();
        for (String word : line.split(" ", -1)) {
            String[] halves = word.split("=", 2);
            if (halves.length == 2) {
                settings.put(halves[0], halves[1]);
            }
        }
        StringBuilder words = new StringBuilder(key(value));
        String none = file.endsWith("/io.latency") ? "0" : "max";
        for (String name : names(value)) {
            words.append(' ').append(name).append('=').append(settings.getOrDefault(name, none));
        }
        return words.toString();
    }

    private static List<String> names(String value) {
        List<String> names = new ArrayList<>();
        for (String word : value.strip().split(" +", -1)) {
            if (word.contains("=")) {
                names.add(word.substring(0, word.indexOf('=')));
            }
        }
        return names;
    }

    private static String schema(String text, String value) {
        String resource = value.strip().split(":", 2)[0];
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(resource + ":"))
                .findFirst()
                .orElse("");
    }

    /** {@code L3:0=00ff;1=f} by its numbers: the kernel pads with zeros. */
    private static Map<String, BigInteger> masks(String line) {
        Map<String, BigInteger> masks = new TreeMap<>();
        String[] halves = line.split(":", 2);
        int radix = halves[0].startsWith("L") ? 16 : 10;
        for (String part : halves.length < 2 ? new String[0] : halves[1].split(";", -1)) {
            String[] pair = part.strip().split("=", 2);
            try {
                masks.put(pair[0], new BigInteger(pair.length < 2 ? "" : pair[1].strip(), radix));
            } catch (NumberFormatException e) {
                masks.put(part, BigInteger.ONE.negate()); // equal to nothing
            }
        }
        return masks;
    }

    private static boolean unlimited(String text) {
        return text.equals("-1") || (text.matches("[0-9]{1,20}") && new BigInteger(text).compareTo(NO_LIMIT) >= 0);
    }

    /** A number, with {@code max} and −1 as the largest. */
    static BigInteger number(String text) {
        String word = text.strip();
        return word.matches("[0-9]{1,20}") ? new BigInteger(word) : NO_LIMIT.shiftLeft(2);
    }
}
