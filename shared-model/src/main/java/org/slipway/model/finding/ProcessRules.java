package org.slipway.model.finding;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** The program, its environment, its user and its limits (PROC, USER, RLIM). */
final class ProcessRules {

    private static final String PROCESS = "config.md §Process";
    private static final String POSIX = "config.md §POSIX process";
    private static final String USER = "config.md §POSIX-platform User";

    private ProcessRules() {}

    static void check(Config config, Report report) {
        Item process = config.at("/process");
        if (!process.present()) {
            report.note("process-missing", "/process", PROCESS, Map.of());
            return;
        }
        programIsNamed(process, report);
        programAndArgumentsAreApart(process, report);
        programCanBeFound(process, report);
        noCarriageReturns(process.child("args"), report);
        noCarriageReturns(process.child("env"), report);
        environment(process.child("env"), report, PROCESS);
        consoleNeedsTerminal(process, report);
        umaskIsDecimal(process.child("user").child("umask"), report);
        limitsAreDistinct(process.child("rlimits"), report);
        softLimitsAreBelowHard(process.child("rlimits"), report);
    }

    private static void programIsNamed(Item process, Report report) {
        Item program = process.child("args").child(0);
        if (program.text().filter(String::isEmpty).isPresent()) {
            report.error("args-program-empty", program.pointer(), PROCESS, Map.of());
        }
    }

    /** {@code ["sleep 5"]} asks for a program whose name has a space in it. */
    private static void programAndArgumentsAreApart(Item process, Report report) {
        List<Item> args = process.elements("args");
        if (args.size() != 1) {
            return;
        }
        String text = args.getFirst().text().orElse("").strip();
        if (text.contains(" ")) {
            report.warning(
                    "args-not-split",
                    args.getFirst().pointer(),
                    PROCESS,
                    Map.of("text", text),
                    new Edit.Set("/process/args", Report.json(List.of(text.split("\\s+", -1)))));
        }
    }

    private static void programCanBeFound(Item process, Report report) {
        String program = process.child("args").child(0).text().orElse("");
        boolean path = process.elements("env").stream()
                .anyMatch(entry ->
                        entry.text().filter(text -> text.startsWith("PATH=")).isPresent());
        if (!program.isEmpty() && !program.contains("/") && !path) {
            report.warning(
                    "env-path-missing", process.child("args").child(0).pointer(), PROCESS, Map.of("program", program));
        }
    }

    private static void noCarriageReturns(Item list, Report report) {
        for (Item item : list.elements()) {
            String text = item.text().orElse("");
            if (text.endsWith("\r") || text.contains("\r\n")) {
                report.warning(
                        "text-carriage-return",
                        item.pointer(),
                        PROCESS,
                        Map.of(),
                        new Edit.Set(
                                item.pointer(),
                                Report.json(text.replace("\r\n", "\n").replaceAll("\r$", ""))));
            }
        }
    }

    /** Entries of a program's or a hook's environment. */
    static void environment(Item list, Report report, String section) {
        Map<String, Item> seen = new HashMap<>();
        for (Item item : list.elements()) {
            Optional<String> text = item.text();
            if (text.isEmpty()) {
                continue;
            }
            int equals = text.get().indexOf('=');
            if (equals <= 0) {
                report.warning("env-without-name", item.pointer(), section, Map.of("entry", text.get()));
                continue;
            }
            String name = text.get().substring(0, equals);
            Item earlier = seen.put(name, item);
            if (earlier != null) {
                report.warning(
                        "env-repeated",
                        item.pointer(),
                        section,
                        Map.of("name", name),
                        new Edit.Remove(earlier.pointer()));
            }
        }
    }

    private static void consoleNeedsTerminal(Item process, Report report) {
        Item size = process.child("consoleSize");
        if (size.present() && !process.child("terminal").isTrue()) {
            report.note("console-size-unused", size.pointer(), PROCESS, Map.of());
        }
    }

    /** JSON has no octal numbers: 22 is not 022. */
    private static void umaskIsDecimal(Item umask, Report report) {
        long mask = umask.number().orElse(0L);
        if (mask > 0777) {
            report.error("umask-too-large", umask.pointer(), USER, Map.of("value", String.valueOf(mask)));
        } else if (Set.of(22L, 27L, 77L).contains(mask)) {
            octal(umask, mask, USER, report);
        }
    }

    /** A number that was likely meant as octal digits. */
    static void octal(Item item, long value, String section, Report report) {
        long meant = Long.parseLong(String.valueOf(value), 8);
        report.warning(
                "number-looks-octal",
                item.pointer(),
                section,
                Map.of(
                        "value",
                        String.valueOf(value),
                        "octal",
                        Long.toOctalString(value),
                        "meant",
                        String.valueOf(meant)),
                new Edit.Set(item.pointer(), Report.json(meant)));
    }

    private static void limitsAreDistinct(Item limits, Report report) {
        Map<String, Item> seen = new HashMap<>();
        for (Item limit : limits.elements()) {
            limit.text("type").ifPresent(type -> {
                if (seen.put(type, limit) != null) {
                    report.error(
                            "rlimit-repeated",
                            limit.pointer(),
                            POSIX,
                            Map.of("type", type),
                            new Edit.Remove(limit.pointer()));
                }
            });
        }
    }

    private static void softLimitsAreBelowHard(Item limits, Report report) {
        for (Item limit : limits.elements()) {
            Item soft = limit.child("soft");
            Item hard = limit.child("hard");
            if (soft.value().isIntegralNumber()
                    && hard.value().isIntegralNumber()
                    && soft.value().bigIntegerValue().compareTo(hard.value().bigIntegerValue()) > 0) {
                report.error(
                        "rlimit-soft-above-hard",
                        soft.pointer(),
                        POSIX,
                        Map.of(
                                "type",
                                limit.text("type").orElse(""),
                                "soft",
                                soft.value().toString(),
                                "hard",
                                hard.value().toString()),
                        new Edit.Set(soft.pointer(), hard.value()));
            }
        }
    }
}
