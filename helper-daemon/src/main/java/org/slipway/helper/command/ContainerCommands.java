package org.slipway.helper.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.BrokenView;
import org.slipway.helper.lifecycle.ContainerView;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.varlink.Views;
import org.slipway.model.plan.Blob;
import org.slipway.model.profile.Profile;
import org.slipway.model.profile.States;
import org.slipway.model.state.Owned;
import org.slipway.model.state.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands that name a container that is there already. */
final class ContainerCommands {

    private ContainerCommands() {}

    private interface Deed {
        void on(Owned name) throws Failure;
    }

    /** All are tried; the first failure is the command's. */
    private static void each(List<Owned> names, Deed deed) throws Failure {
        Failure first = null;
        for (Owned name : names) {
            try {
                deed.on(name);
            } catch (Failure e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** The caller's own containers whose id a regular expression matches, wholly or in part (CLI-KILL-02). */
    private static List<Owned> matching(Context context, String expression) throws Failure {
        IdExpression wanted = IdExpression.of(expression);
        int whose = context.whose();
        return context.list().stream()
                .map(ContainerView::name)
                .filter(name -> name.uid() == whose && wanted.matches(name.id().value()))
                .toList();
    }

    /** Starts it; of a version that reads the process again, with the bundle's file as it is now. */
    static void start(Context context, Owned name) throws Failure, IOException {
        Gate gate = context.need().gate();
        ContainerView view = gate.state(name);
        boolean rereads = States.own(Views.state(view)).lifecycle().rereadsProcess();
        gate.start(
                name,
                rereads
                        ? Optional.of(Blob.of(BundleCommands.readConfig(context, view.bundle(), "config.json")))
                        : Optional.empty());
    }

    @Command(name = "start", description = "Runs the program of a created container.")
    static final class Start implements Action {
        @Parameters(paramLabel = "ID", index = "0", arity = "1")
        String id = "";

        @Parameters(
                paramLabel = "BUNDLE",
                index = "1",
                arity = "0..1",
                description = "Makes the container of that bundle first; for versions up to 0.5.")
        @Nullable String bundle;

        @Mixin
        BundleCommands.Rules rules = new BundleCommands.Rules();

        @Override
        public int run(Context context) throws Failure, IOException {
            if (bundle == null) {
                ContainerCommands.start(context, context.name(id));
                return 0;
            }
            MakeOptions make = new MakeOptions();
            make.id = id;
            make.bundle = bundle;
            make.profile = rules;
            byte[] config = make.readConfig(context);
            Profile profile = context.offline().profile(config, rules.profile());
            if (!profile.operations().startMakes()) {
                throw Failure.caller("start-with-bundle", Map.of("profile", profile.name()));
            }
            ContainerView made = make.create(context, config);
            try {
                ContainerCommands.start(context, made.name());
                return 0;
            } catch (Failure e) {
                context.need().gate().delete(made.name(), true);
                throw e;
            }
        }
    }

    @Command(name = "abort", description = "Breaks off a create or start that is going on.")
    static final class Abort implements Action {
        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Override
        public int run(Context context) throws Failure {
            context.need().gate().abort(context.name(id));
            return 0;
        }
    }

    @Command(name = "state", description = "Prints the state of a container as JSON.")
    static final class State implements Action {
        @Parameters(paramLabel = "ID", arity = "1")
        String id = "";

        @Mixin
        BundleCommands.Rules rules = new BundleCommands.Rules();

        /** In the shape of the container's own profile, or of another. */
        @Override
        public int run(Context context) throws Failure, IOException {
            ObjectNode state = Views.state(context.need().gate().state(context.name(id)));
            Profile profile = rules.profile().orElseGet(() -> States.own(state));
            context.out(States.in(profile, state).toPrettyString() + "\n");
            return 0;
        }
    }

    @Command(name = "kill", description = "Sends a signal to a container.")
    static final class Kill implements Action {
        @Option(
                names = {"-a", "--all"},
                description = "To every process of the container.")
        boolean all;

        @Option(
                names = {"-r", "--regex"},
                description = "To every container of one's own whose id matches the regular expression ID.")
        boolean regex;

        @Parameters(paramLabel = "ID", index = "0")
        String id = "";

        @Parameters(
                paramLabel = "SIGNAL",
                index = "1",
                arity = "0..1",
                description = "Default: TERM; 0 only asks whether it lives.")
        String signal = "TERM";

        @Override
        public int run(Context context) throws Failure {
            OptionalInt number = Signals.parseOrNone(signal);
            if (number.isEmpty()) {
                throw Failure.caller("signal-unknown", Map.of("signal", signal));
            }
            each(
                    regex ? matching(context, id) : List.of(context.name(id)),
                    name -> context.need().gate().kill(name, number.getAsInt(), all));
            return 0;
        }
    }

    @Command(name = "delete", description = "Removes stopped containers.")
    static final class Delete implements Action {
        @Option(
                names = {"-f", "--force"},
                description = "Kills a living one first; an unknown one is no error.")
        boolean force;

        @Option(
                names = {"-r", "--regex"},
                description = "Each ID is a regular expression; an id of one's own matches if a part of it does.")
        boolean regex;

        @Parameters(paramLabel = "ID", arity = "1..*")
        List<String> ids = new ArrayList<>();

        /** All are tried; the first failure is the command's. */
        @Override
        public int run(Context context) throws Failure, IOException {
            List<Owned> names = new ArrayList<>();
            for (String id : ids) {
                if (regex) {
                    names.addAll(matching(context, id));
                } else if (!force || context.sees(id)) {
                    names.add(context.name(id));
                }
            }
            List<Failure> warnings = new ArrayList<>();
            try {
                each(names, name -> delete(context, name, warnings));
            } finally {
                for (Failure warning : warnings) {
                    context.warn(warning);
                }
            }
            return 0;
        }

        /** Who forces nothing away because it is somebody else's shall know. */
        private void delete(Context context, Owned name, List<Failure> warnings) throws Failure {
            Gate gate = context.need().gate();
            if (force) {
                List<Owned> called = gate.list().stream()
                        .map(ContainerView::name)
                        .filter(other -> other.id().equals(name.id()))
                        .toList();
                if (!called.isEmpty() && !called.contains(name)) {
                    warnings.add(Failure.caller(
                            "container-of-another",
                            Map.of(
                                    "id", name.id().value(),
                                    "uid",
                                            Integer.toUnsignedString(
                                                    called.getFirst().uid()))));
                }
            }
            gate.delete(name, force, warnings::add);
        }
    }

    @Command(name = "list", description = "Lists containers.")
    static final class ListThem implements Action {

        /** Of a container whose record cannot be used; never guessed. */
        private static final String UNKNOWN = "unknown";

        // the words are the option's own values
        enum Format {
            table,
            json
        }

        @Option(
                names = {"-q", "--quiet"},
                description = "Only ids.")
        boolean quiet;

        @Option(
                names = {"-f", "--format"},
                paramLabel = "table|json")
        Format format = Format.table;

        @Override
        public int run(Context context) throws Failure, IOException {
            List<ContainerView> views = context.list();
            List<BrokenView> broken = context.need().gate().broken();
            var text = new StringBuilder();
            if (quiet) {
                views.forEach(view -> text.append(view.name().id()).append('\n'));
                broken.forEach(view -> text.append(view.name().id()).append('\n'));
            } else if (format == Format.json) {
                text.append(json(views, broken)).append('\n');
            } else {
                table(views, broken, text);
            }
            context.out(text.toString());
            for (BrokenView view : broken) {
                Failure why = Failure.host(
                        "container-broken", Map.of("id", view.name().id().value(), "text", view.reason()), null);
                context.warn(Sentences.of(why));
            }
            return 0;
        }

        private static String json(List<ContainerView> views, List<BrokenView> broken) {
            ArrayNode array = org.slipway.model.wire.Wire.object().putArray("all");
            for (ContainerView view : views) {
                ObjectNode state = Views.state(view);
                state.put("pid", view.pid().orElse(0));
                state.put("created", view.created().toString());
                state.put("owner", Integer.toUnsignedString(view.name().uid()));
                for (String member : List.of("rootfs", "annotations")) {
                    if (!state.has(member)) {
                        state.putNull(member);
                    }
                }
                array.add(state);
            }
            for (BrokenView view : broken) {
                array.addObject()
                        .put("id", view.name().id().value())
                        .put("pid", 0)
                        .put("status", UNKNOWN)
                        .put("owner", Integer.toUnsignedString(view.name().uid()))
                        .put("problem", view.reason());
            }
            return array.toString();
        }

        private static void table(List<ContainerView> views, List<BrokenView> broken, StringBuilder text) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"));
            for (ContainerView view : views) {
                rows.add(List.of(
                        view.name().id().value(),
                        "" + view.pid().orElse(0),
                        view.status().word(),
                        view.bundle(),
                        view.created().toString(),
                        Integer.toUnsignedString(view.name().uid())));
            }
            for (BrokenView view : broken) {
                String owner = Integer.toUnsignedString(view.name().uid());
                rows.add(List.of(view.name().id().value(), "0", UNKNOWN, "-", "-", owner));
            }
            int[] widths = new int[6];
            for (List<String> row : rows) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], row.get(i).length());
                }
            }
            for (List<String> row : rows) {
                var line = new StringBuilder();
                for (int i = 0; i < widths.length; i++) {
                    line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
                }
                text.append(line.toString().stripTrailing()).append('\n');
            }
        }
    }
}
