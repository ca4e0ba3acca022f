package org.slipway.helper.command;

import java.io.IOException;
import org.slipway.helper.lifecycle.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "create", description = "Makes a container; its program waits for start.")
final class CreateCommand implements Action {

    @Mixin
    MakeOptions make = new MakeOptions();

    @Override
    public int run(Context context) throws Failure, IOException {
        context.need();
        make.create(context, make.readConfig(context.client()));
        return 0;
    }
}
