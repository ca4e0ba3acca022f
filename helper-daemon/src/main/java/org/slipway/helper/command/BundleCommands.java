package org.slipway.helper.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.lifecycle.Configurations;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.FindingJson;
import org.slipway.model.profile.Conversion;
import org.slipway.model.profile.Converted;
import org.slipway.model.profile.Profile;
import org.slipway.model.profile.Profiles;
import org.slipway.model.profile.TwoFiles;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that are about a bundle and no container; they need no helper and no rights. */
final class BundleCommands {

    private BundleCommands() {}

    /** Reads a bundle's configuration with the caller's rights. */
    static byte[] readConfig(Context context, String bundle, String config) throws Failure, IOException {
        Client client = context.client();
        int most = context.largest();
        String path = config.startsWith("/") ? config : client.hello().absolute(bundle) + "/" + config;
        try {
            byte[] text = client.read(path, most);
            return Configurations.inTurn(text, () -> TwoFiles.maybe(text))
                    ? TwoFiles.join(text, second(client, path, most))
                    : text;
        } catch (Client.FileTrouble e) {
            throw unreadable("config-unreadable", e, most);
        }
    }

    /** A file that could not be read, with the limit if it is too large. */
    static Failure unreadable(String code, Client.FileTrouble trouble, int most) {
        return trouble.errno().equals("EFBIG")
                ? Failure.caller("config-too-large", Map.of("path", trouble.path(), "most", "" + most))
                : Context.failure(code, trouble);
    }

    /** The host's half, beside the portable one. */
    private static byte[] second(Client client, String config, int most) throws Client.FileTrouble, IOException {
        return client.read(config.substring(0, config.lastIndexOf('/') + 1) + TwoFiles.RUNTIME, most);
    }

    /** The option that names the rules. */
    static final class Rules {
        @Option(
                names = "--profile",
                paramLabel = "NAME",
                description = "The version of the specification to follow, whatever the configuration names.")
        @Nullable String name;

        Optional<Profile> profile() throws Failure {
            return name == null ? Optional.empty() : Optional.of(named(name));
        }

        static Profile named(String name) throws Failure {
            return Profiles.named(name)
                    .orElseThrow(() -> Failure.caller(
                            "profile-unknown",
                            Map.of("profile", name, "profiles", String.join(", ", Profiles.names()))));
        }
    }

    /** The bundle that a command is about, named by an option or as its only word. */
    static final class Bundle {
        @Option(
                names = {"-b", "--bundle"},
                paramLabel = "DIR",
                description = "The bundle; default: the working directory.")
        @Nullable String option;

        @Parameters(arity = "0..1", paramLabel = "BUNDLE", description = "The same as --bundle BUNDLE.")
        @Nullable String word;

        String name() {
            return Objects.requireNonNullElse(option, Objects.requireNonNullElse(word, "."));
        }

        byte[] read(Context context) throws Failure, IOException {
            return readConfig(context, name(), "config.json");
        }
    }

    /** How findings and plans are printed. */
    static final class Form {

        // the words are the option's own values
        enum Format {
            text,
            json
        }

        @Option(
                names = {"-f", "--format"},
                paramLabel = "text|json",
                description = "For people or for programs; default: text.")
        Format format = Format.text;

        @Option(names = "--json", description = "The same as --format json.")
        boolean json;

        boolean isJson() {
            return json || format == Format.json;
        }
    }

    @Command(name = "spec", description = "Writes a default config.json.")
    static final class Spec implements Action {
        @Option(
                names = {"-b", "--bundle"},
                paramLabel = "DIR",
                description = "The bundle; default: the working directory.")
        String bundle = ".";

        @Option(names = "--rootless", description = "For a container without root's rights.")
        boolean rootless;

        @Override
        public int run(Context context) throws Failure, IOException {
            String path = context.client().hello().absolute(bundle) + "/config.json";
            Client client = context.client();
            String text = context.offline().defaultConfig(rootless, client.uid(), client.gid());
            try {
                client.make(path, text.getBytes(StandardCharsets.UTF_8));
                return 0;
            } catch (Client.FileTrouble e) {
                throw Context.failure(e.errno().equals("EEXIST") ? "config-exists" : "config-unwritable", e);
            }
        }
    }

    @Command(name = "explain", description = "Prints what create and start would do.")
    static final class Explain implements Action {
        @ArgGroup
        Bundle bundle = new Bundle();

        @Mixin
        Rules rules = new Rules();

        @Mixin
        Form form = new Form();

        @Override
        public int run(Context context) throws Failure, IOException {
            byte[] config = bundle.read(context);
            String path = context.client().hello().absolute(bundle.name());
            context.out(context.offline()
                    .explain(config, path, rules.profile(), context.manager(), form.isJson(), context.confinement()));
            return 0;
        }
    }

    @Command(name = "validate", description = "Says what is wrong with a bundle's config.json.")
    static final class Validate implements Action {
        @ArgGroup
        Bundle bundle = new Bundle();

        @Mixin
        Rules rules = new Rules();

        @Mixin
        Form form = new Form();

        @Override
        public int run(Context context) throws Failure, IOException {
            byte[] config = bundle.read(context);
            String path = context.client().hello().absolute(bundle.name());
            List<Finding> findings = context.offline().validate(config, path, rules.profile());
            if (form.isJson()) {
                context.out(FindingJson.of(findings).toPrettyString() + "\n");
            } else {
                for (Finding finding : findings) {
                    String file = TwoFiles.file(finding.pointer()).orElse(TwoFiles.CONFIG);
                    context.out("%s:%d:%d: %s: %s [%s]%n"
                            .formatted(
                                    file,
                                    TwoFiles.line(config, finding),
                                    finding.column(),
                                    Views.word(finding.severity()),
                                    Sentences.withMember(finding.code(), finding.arguments(), finding.pointer()),
                                    finding.rule()));
                }
            }
            return org.slipway.model.finding.Rules.refused(findings) ? 1 : 0;
        }
    }

    @Command(name = "convert", description = "Prints a bundle's configuration as one of a later version.")
    static final class Convert implements Action {
        @ArgGroup
        Bundle bundle = new Bundle();

        @Mixin
        Rules rules = new Rules();

        @Option(names = "--to", paramLabel = "VERSION", description = "The version to convert to; default: 1.3.")
        String to = "1.3";

        @Option(names = "--report", description = "Prints what changes, and not the configuration.")
        boolean report;

        @Option(names = "--json", description = "The report as JSON.")
        boolean json;

        /** What can't be kept is said in any case. */
        @Override
        public int run(Context context) throws Failure, IOException {
            Conversion conversion = context.offline().convert(bundle.read(context), rules.profile(), Rules.named(to));
            if (json) {
                context.out(conversion.json().toPrettyString() + "\n");
            } else if (report) {
                context.out(text(conversion));
            } else {
                context.out(conversion.document().text());
                for (Converted loss : conversion.losses()) {
                    context.warn(line(loss));
                }
            }
            return 0;
        }

        private static String text(Conversion conversion) {
            var text = new StringBuilder("from %s to %s%n"
                    .formatted(conversion.from().name(), conversion.to().name()));
            for (Converted change : conversion.changes()) {
                text.append("%s%s %s%n"
                        .formatted(change.loss() ? "! " : "  ", change.kind().word(), line(change)));
            }
            return text.toString();
        }

        private static String line(Converted change) {
            return change.from().or(change::to).orElse("") + ": " + Sentences.of(change);
        }
    }

    @Command(name = "features", description = "Prints the features structure as JSON.")
    static final class Features implements Action {
        @Override
        public int run(Context context) throws IOException {
            context.out(context.offline().features());
            return 0;
        }
    }
}
