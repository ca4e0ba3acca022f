package org.slipway.helper.command;

import java.io.IOException;
import org.slipway.helper.lifecycle.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "create", description = "Makes a container; its program waits for start.")
final class CreateCommand implements Action {

    @Mixin
    MakeOptions make = new MakeOptions();

    @Option(
            names = "--spawn",
            paramLabel = "caller|keeper|auto",
            description =
                    "Whose child the container becomes. Default: auto, which is caller for root with --pid-file and without a terminal.")
    SpawnOption spawn = SpawnOption.auto;

    @Override
    public int run(Context context) throws Failure, IOException {
        context.need();
        make.spawn = spawn;
        make.create(context, make.readConfig(context));
        return 0;
    }
}
