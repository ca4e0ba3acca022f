package org.slipway.model.finding;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.json.Edit;

/** The system-call filter (SEC); its words and ranges are judged by the table. */
final class SeccompRules {

    private static final String SECTION = "config-linux.md §Seccomp";
    private static final String NOTIFY = "SCMP_ACT_NOTIFY";
    private static final Set<String> WITH_ERRNO = Set.of("SCMP_ACT_ERRNO", "SCMP_ACT_TRACE");
    private static final Set<String> REFUSING =
            Set.of("SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP");

    /** The listener gets its descriptor by these before it can answer anything (SEC-18). */
    private static final Set<String> HANDING_OVER = Set.of("execve", "sendmsg", "write");

    private static final long LARGEST_ERRNO = 4095;

    private SeccompRules() {}

    static void check(Config config, Report report) {
        Item seccomp = config.at("/linux/seccomp");
        if (!seccomp.present()) {
            return;
        }
        List<Item> rules = seccomp.elements("syscalls");
        errnoFitsAction(seccomp.text("defaultAction").orElse(""), seccomp.child("defaultErrnoRet"), report);
        rules.forEach(rule -> errnoFitsAction(rule.text("action").orElse(""), rule.child("errnoRet"), report));
        metadataHasListener(seccomp, report);
        notifyHasListener(seccomp, rules, report);
        notifyLeavesTheHandOver(seccomp, rules, report);
        programCanBegin(seccomp, rules, report);
    }

    private static void errnoFitsAction(String action, Item errno, Report report) {
        errnoIsAnErrno(action, errno, report);
        if (errno.present() && !action.isEmpty() && !WITH_ERRNO.contains(action)) {
            report.error(
                    "seccomp-errno-unused",
                    errno.pointer(),
                    SECTION,
                    Map.of("action", action),
                    new Edit.Remove(errno.pointer()));
        }
    }

    /** An errno has twelve bits: the kernel would cut it down, see seccomp(2). */
    private static void errnoIsAnErrno(String action, Item errno, Report report) {
        long number = errno.number().orElse(0L);
        if (action.equals("SCMP_ACT_ERRNO") && number > LARGEST_ERRNO) {
            report.error(
                    "seccomp-errno-too-large",
                    errno.pointer(),
                    SECTION,
                    Map.of("value", String.valueOf(number), "most", String.valueOf(LARGEST_ERRNO)));
        }
    }

    private static boolean hasListener(Item seccomp) {
        return seccomp.text("listenerPath").filter(path -> !path.isEmpty()).isPresent();
    }

    private static void metadataHasListener(Item seccomp, Report report) {
        Item metadata = seccomp.child("listenerMetadata");
        if (metadata.text().filter(text -> !text.isEmpty()).isPresent() && !hasListener(seccomp)) {
            report.error("seccomp-metadata-without-listener", metadata.pointer(), SECTION, Map.of());
        }
    }

    private static void notifyHasListener(Item seccomp, List<Item> rules, Report report) {
        for (Item rule : rules) {
            if (rule.text("action").orElse("").equals(NOTIFY) && !hasListener(seccomp)) {
                report.error(
                        "seccomp-notify-without-listener", rule.child("action").pointer(), SECTION, Map.of());
            }
        }
    }

    private static void notifyLeavesTheHandOver(Item seccomp, List<Item> rules, Report report) {
        if (seccomp.text("defaultAction").orElse("").equals(NOTIFY)) {
            report.error(
                    "seccomp-notify-default", seccomp.child("defaultAction").pointer(), SECTION, Map.of());
        }
        for (Item rule : rules) {
            if (!rule.text("action").orElse("").equals(NOTIFY)) {
                continue;
            }
            for (Item name : rule.elements("names")) {
                name.text()
                        .filter(HANDING_OVER::contains)
                        .ifPresent(call -> report.error(
                                "seccomp-notify-hand-over", name.pointer(), SECTION, Map.of("call", call)));
            }
        }
    }

    /** The filter is in force before the program is executed, so it must let execve pass. */
    private static void programCanBegin(Item seccomp, List<Item> rules, Report report) {
        Set<String> passed = new HashSet<>();
        for (Item rule : rules) {
            if (!REFUSING.contains(rule.text("action").orElse(""))) {
                rule.elements("names").forEach(name -> name.text().ifPresent(passed::add));
            }
        }
        String action = seccomp.text("defaultAction").orElse("");
        if (REFUSING.contains(action) && !passed.contains("execve")) {
            report.warning(
                    "seccomp-refuses-execve",
                    seccomp.child("defaultAction").pointer(),
                    SECTION,
                    Map.of("action", action));
        }
    }
}
