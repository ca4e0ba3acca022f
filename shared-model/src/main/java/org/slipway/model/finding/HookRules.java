package org.slipway.model.finding;

import java.util.List;
import java.util.Map;
import org.slipway.model.finding.Config.Item;

/** Hooks (HOOK); their paths and timeouts are judged by the table. */
final class HookRules {

    private static final String SECTION = "config.md §POSIX-platform Hooks";
    private static final List<String> KINDS =
            List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop");

    private HookRules() {}

    static void check(Config config, Report report) {
        Item hooks = config.at("/hooks");
        for (String kind : KINDS) {
            for (Item hook : hooks.elements(kind)) {
                ProcessRules.environment(hook.child("env"), report, SECTION);
            }
        }
        prestartIsDeprecated(hooks.child("prestart"), report);
    }

    private static void prestartIsDeprecated(Item prestart, Report report) {
        if (!prestart.elements().isEmpty()) {
            report.note("hook-prestart-deprecated", prestart.pointer(), "config.md §Prestart", Map.of());
        }
    }
}
