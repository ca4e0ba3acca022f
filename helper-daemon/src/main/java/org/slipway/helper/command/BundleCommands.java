package org.slipway.helper.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Views;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.FindingJson;
import org.slipway.model.finding.Rules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that are about a bundle and no container; they need no helper and no rights. */
final class BundleCommands {

    private BundleCommands() {}

    /** Reads a bundle's configuration with the caller's rights. */
    static byte[] readConfig(Client client, String bundle, String config) throws Failure, IOException {
        String path = config.startsWith("/") ? config : client.hello().absolute(bundle) + "/" + config;
        try {
            return client.read(path, MakeOptions.LARGEST);
        } catch (Client.FileTrouble e) {
            throw Context.failure("config-unreadable", e);
        }
    }

    /** The option that names the bundle. */
    static final class Bundle {
        @Option(
                names = {"-b", "--bundle"},
                paramLabel = "DIR",
                description = "The bundle; default: the working directory.")
        String bundle = ".";

        byte[] read(Client client) throws Failure, IOException {
            return readConfig(client, bundle, "config.json");
        }
    }

    @Command(name = "spec", description = "Writes a default config.json.")
    static final class Spec implements Action {
        @picocli.CommandLine.Mixin
        Bundle bundle = new Bundle();

        @Option(names = "--rootless", description = "For a container without root's rights.")
        boolean rootless;

        @Override
        public int run(Context context) throws Failure, IOException {
            String path = context.client().hello().absolute(bundle.bundle) + "/config.json";
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

        // the words are the option's own values
        enum Format {
            text,
            json
        }

        @picocli.CommandLine.Mixin
        Bundle bundle = new Bundle();

        @Option(
                names = {"-f", "--format"},
                paramLabel = "text|json")
        Format format = Format.text;

        @Override
        public int run(Context context) throws Failure, IOException {
            byte[] config = bundle.read(context.client());
            String path = context.client().hello().absolute(bundle.bundle);
            context.out(context.offline()
                    .explain(config, path, context.manager(), format == Format.json, context.confinement()));
            return 0;
        }
    }

    @Command(name = "validate", description = "Says what is wrong with a bundle's config.json.")
    static final class Validate implements Action {
        @picocli.CommandLine.Mixin
        Bundle bundle = new Bundle();

        @Option(
                names = {"-f", "--format"},
                paramLabel = "text|json")
        Explain.Format format = Explain.Format.text;

        @Override
        public int run(Context context) throws Failure, IOException {
            byte[] config = bundle.read(context.client());
            String path = context.client().hello().absolute(bundle.bundle);
            List<Finding> findings = context.offline().validate(config, path);
            if (format == Explain.Format.json) {
                context.out(FindingJson.of(findings).toPrettyString() + "\n");
            } else {
                for (Finding finding : findings) {
                    context.out("config.json:%d:%d: %s: %s [%s]%n"
                            .formatted(
                                    finding.line(),
                                    finding.column(),
                                    Views.word(finding.severity()),
                                    Sentences.withMember(finding.code(), finding.arguments(), finding.pointer()),
                                    finding.rule()));
                }
            }
            return Rules.refused(findings) ? 1 : 0;
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
