package org.slipway.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slipway.workbench.text.Texts;

/** The command line of the window; each bundle gets a tab. */
record Options(List<Path> bundles, Optional<Path> tour, Optional<Path> socket) {

    /** A command line that can't be understood; the message says why. */
    static final class Misuse extends Exception {
        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message);
        }
    }

    /** Reads the arguments: {@code [--socket PATH] [--tour DIR] [BUNDLE]...}, also as {@code --tour=DIR}. */
    static Options parse(List<String> arguments) throws Misuse {
        List<Path> bundles = new ArrayList<>();
        Optional<Path> tour = Optional.empty();
        Optional<Path> socket = Optional.empty();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            if (!argument.startsWith("--")) {
                bundles.add(Path.of(argument));
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!name.equals("--tour") && !name.equals("--socket")) {
                throw new Misuse(Texts.of("usage.unknown", name));
            }
            if (equals < 0 && !rest.hasNext()) {
                throw new Misuse(Texts.of("usage.value", name));
            }
            Optional<Path> value = Optional.of(Path.of(equals < 0 ? rest.next() : argument.substring(equals + 1)));
            if (name.equals("--tour")) {
                tour = value;
            } else {
                socket = value;
            }
        }
        return new Options(List.copyOf(bundles), tour, socket);
    }
}
