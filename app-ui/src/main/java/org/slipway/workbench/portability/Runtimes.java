package org.slipway.workbench.portability;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;

/** Asks the runtimes that are installed what they are, as the person at the window. */
final class Runtimes {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Runtimes() {}

    /** Those found in the first of the folders that has them; waits for each. */
    static Map<String, Installed> in(List<Path> folders) {
        Map<String, Installed> found = new HashMap<>();
        for (String name : Portability.RUNTIMES) {
            folders.stream()
                    .map(folder -> folder.resolve(name))
                    .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                    .findFirst()
                    .filter(_ -> !name.equals("slipway"))
                    .flatMap(program -> Installed.of(ask(program, "--version"), ask(program, "features")))
                    .ifPresent(installed -> found.put(name, installed));
        }
        return found;
    }

    private static String ask(Path program, String word) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        DefaultExecutor executor = DefaultExecutor.builder()
                .setExecuteStreamHandler(new PumpStreamHandler(output, OutputStream.nullOutputStream()))
                .get();
        executor.setExitValues(null);
        executor.setWatchdog(ExecuteWatchdog.builder().setTimeout(PATIENCE).get());
        try {
            int status = executor.execute(new CommandLine(program.toFile()).addArgument(word, false));
            return status == 0 ? output.toString(StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            return ""; // what can't be asked is as good as not installed
        }
    }

    /** The folders of {@code PATH}, and those of the administrator, where runtimes often are. */
    static List<Path> folders() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return java.util.stream.Stream.of((path + ":/usr/local/sbin:/usr/sbin:/sbin").split(":", -1))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .distinct()
                .toList();
    }
}
