package org.slipway.helper.command;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.lifecycle.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Makes a container, starts it, waits for its end and deletes it.")
final class RunCommand implements Action {

    @Mixin
    MakeOptions make = new MakeOptions();

    @Option(
            names = {"-d", "--detach"},
            description = "Returns once the program runs; nothing is deleted.")
    boolean detach;

    @Option(names = "--keep", description = "Does not delete the container at its end.")
    boolean keep;

    @Option(names = "--no-subreaper", description = "Accepted: the keeper is the parent, nobody else reaps.")
    boolean noSubreaper;

    /** The drafts' way to name the bundle. */
    @Parameters(paramLabel = "BUNDLE", index = "1", arity = "0..1", description = "The same as --bundle.")
    @Nullable String bundle;

    @Override
    public int run(Context context) throws Failure, IOException, InterruptedException {
        context.need();
        if (bundle != null) {
            make.bundle = bundle;
        }
        byte[] config = make.readConfig(context);
        if (!detach) {
            return new Foreground(context, make, keep).run(config);
        }
        var made = make.create(context, config);
        try {
            ContainerCommands.start(context, made.name());
            return 0;
        } catch (Failure e) {
            context.need().gate().delete(made.name(), true);
            throw e;
        }
    }
}
