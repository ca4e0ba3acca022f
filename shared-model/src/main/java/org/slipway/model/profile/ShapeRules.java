package org.slipway.model.profile;

import java.util.List;
import java.util.Map;
import org.slipway.model.finding.Config;
import org.slipway.model.finding.Config.Item;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Report;
import org.slipway.model.json.Document;
import org.slipway.model.json.Pointer;

/** What a draft asks of the shape of its configuration, judged on the text as it stands: its members were others. */
final class ShapeRules {

    private static final String PLATFORM = "config.md §Platform-specific configuration";

    private final Profile profile;
    private final Config config;
    private final Report report;

    private ShapeRules(Profile profile, Document document) {
        this.profile = profile;
        this.config = new Config(document);
        this.report = new Report(document);
    }

    static List<Finding> check(Profile profile, Document document) {
        if (!profile.draft()) {
            return List.of();
        }
        ShapeRules rules = new ShapeRules(profile, document);
        if (!Profiles.before(profile, "0.3")) {
            rules.oneFile();
        } else if (TwoFiles.are(document)) {
            rules.twoFiles();
        } else {
            rules.report.error(
                    "runtime-file-missing",
                    "/version",
                    "bundle.md §Container Format",
                    Map.of("file", TwoFiles.RUNTIME));
        }
        return rules.report.findings();
    }

    private void twoFiles() {
        Item file = config.root().child(TwoFiles.CONFIG);
        need(file, "config.md", "version", "platform", "root", "process");
        platform(file.child("platform"));
        need(file.child("root"), "config.md §Root", "path");
        process(file.child("process"));
        list(file.child("linux").child("capabilities"));
        Item how = config.root().child(TwoFiles.RUNTIME).child("mounts");
        for (Item mount : file.elements("mounts")) {
            need(mount, "config.md §Mount Points", "name", "path");
            mount.text("name")
                    .filter(name -> !how.child(name).present())
                    .ifPresent(name -> report.error(
                            "mount-name-unknown",
                            mount.child("name").pointer(),
                            "runtime-config.md §Mount Configuration",
                            Map.of("name", name)));
        }
    }

    private void oneFile() {
        if (Profiles.before(profile, "1.0.0-rc6")) {
            need(config.root(), "config.md", "ociVersion", "platform", "root", "process");
            platform(config.at("/platform"));
        }
        if (Profiles.before(profile, "0.4")) {
            need(config.at("/root"), "config.md §Root", "path");
            process(config.at("/process"));
            for (Item mount : config.at("/mounts").elements()) {
                need(mount, "config.md §Mounts", "destination", "type", "source");
            }
            list(config.at("/linux/capabilities"));
        } else if (Profiles.before(profile, "1.0.0-rc5")) {
            list(config.at("/process/capabilities"));
        }
        if (Profiles.before(profile, "1.0.0-rc5")) {
            for (Item rule : config.at("/linux/seccomp/syscalls").elements()) {
                need(rule, "config-linux.md §Seccomp", "name");
                text(rule.child("name"));
            }
        }
    }

    private void process(Item process) {
        need(process, "config.md §Process configuration", "user", "args", "cwd");
        need(process.child("user"), "config.md §Process configuration", "uid", "gid");
    }

    private void platform(Item platform) {
        need(platform, PLATFORM, "os", "arch");
        platform.text("os")
                .filter(os -> !os.equals("linux"))
                .ifPresent(os ->
                        report.error("platform-os-other", platform.child("os").pointer(), PLATFORM, Map.of("os", os)));
    }

    private void need(Item holder, String section, String... members) {
        if (!holder.value().isObject()) {
            return;
        }
        for (String member : members) {
            if (!holder.child(member).present()) {
                report.error(
                        "member-missing", Pointer.child(holder.pointer(), member), section, Map.of("member", member));
            }
        }
    }

    private void list(Item item) {
        if (item.present() && !item.value().isArray()) {
            report.error(
                    "type-wrong",
                    item.pointer(),
                    "config-linux.md §Capabilities",
                    Map.of("expected", "list", "found", found(item)));
        }
    }

    private void text(Item item) {
        if (item.present() && !item.value().isString()) {
            report.error(
                    "type-wrong",
                    item.pointer(),
                    "config-linux.md §Seccomp",
                    Map.of("expected", "string", "found", found(item)));
        }
    }

    private static String found(Item item) {
        return switch (item.value().getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "list";
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            default -> "string";
        };
    }
}
