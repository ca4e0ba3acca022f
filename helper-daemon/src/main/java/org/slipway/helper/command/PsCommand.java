package org.slipway.helper.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.state.Owned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ps", description = "Lists the processes of a container.")
final class PsCommand implements Action {

    // the words are the option's own values
    enum Format {
        table,
        json
    }

    @Option(
            names = {"-f", "--format"},
            paramLabel = "table|json")
    Format format = Format.table;

    @Parameters(paramLabel = "ID", index = "0", description = "The container's id.")
    String id = "";

    @Parameters(paramLabel = "OPTION", index = "1..*", description = "Options of ps; default: -ef.")
    List<String> options = new ArrayList<>();

    @Override
    public boolean endsOptions() {
        return true;
    }

    @Override
    public int run(Context context) throws Failure, IOException {
        Owned name = context.name(id);
        if (format == Format.json) {
            context.out(context.need().gate().execs().pids(name).stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(",", "[", "]"))
                    + "\n");
        } else {
            context.out(context.need().gate().execs().table(name, options));
        }
        return 0;
    }
}
