package org.slipway.helper.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slipway.helper.hook.HookFile;
import org.slipway.helper.hook.HookIdentity;
import org.slipway.helper.hook.RuntimeHooks;
import org.slipway.helper.lifecycle.Caller;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.plan.HookOp.Kind;
import org.slipway.model.plan.HookOp.RunHook;

/** The table of {@code slipway ps}: what ps(1) of the host says, cut down to some pids. */
final class PsTable {

    private static final List<String> PLACES = List.of("/usr/bin/ps", "/bin/ps");
    private static final int PATIENCE_MILLIS = 10_000;

    /** As much as is kept of the output of a program. */
    private static final int MOST = 1 << 20;

    private PsTable() {}

    /** Runs ps as the caller: it is never root who reads options that somebody else wrote. */
    static String run(RuntimeHooks hooks, Caller caller, List<String> options) throws Failure {
        if (caller.confinement().isEmpty() && !caller.administrator()) {
            throw Failure.caller("ps-not-as-root", Map.of());
        }
        String path = PLACES.stream()
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst()
                .orElseThrow(() -> Failure.host("ps-missing", Map.of(), null));
        List<String> arguments = new ArrayList<>(List.of("ps"));
        arguments.addAll(options.isEmpty() ? List.of("-ef") : options);
        RunHook program = new RunHook(
                Kind.POSTSTART, 0, path, arguments, List.of("LC_ALL=C", "COLUMNS=512"), PATIENCE_MILLIS, "", "");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            int status = hooks.run(
                    program,
                    HookIdentity.arguments(caller.confinement()),
                    "",
                    (part, bytes, length) -> (part == HookFile.Part.OUTPUT ? out : err).write(bytes, 0, length));
            if (status != 0) {
                throw Failure.caller(
                        "ps-failed",
                        Map.of(
                                "status",
                                Integer.toString(status),
                                "text",
                                err.toString(StandardCharsets.UTF_8)
                                        .lines()
                                        .findFirst()
                                        .orElse("")));
            }
        } catch (IOException e) {
            throw Failure.host("ps-failed", Map.of("status", "?", "text", String.valueOf(e.getMessage())), e);
        } catch (InterruptedException e) {
            throw Engine.interrupted(e);
        }
        if (out.size() >= MOST) {
            throw Failure.caller("ps-too-long", Map.of("most", Integer.toString(MOST)));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The first line, and of the rest those whose field below {@code PID} is one of these. */
    static String of(String output, List<Integer> pids) throws Failure {
        List<String> lines = output.lines().toList();
        int column =
                lines.isEmpty() ? -1 : Arrays.asList(fields(lines.getFirst())).indexOf("PID");
        if (column < 0) {
            throw Failure.caller("ps-without-pids", Map.of());
        }
        Set<String> wanted = new HashSet<>();
        pids.forEach(pid -> wanted.add(Integer.toString(pid)));
        StringBuilder table = new StringBuilder();
        Stream.concat(Stream.of(lines.getFirst()), lines.stream().skip(1).filter(line -> {
                    String[] fields = fields(line);
                    return fields.length > column && wanted.contains(fields[column]);
                }))
                .forEach(line -> table.append(line).append('\n'));
        return table.toString();
    }

    private static String[] fields(String line) {
        return line.strip().split("\\s+");
    }
}
