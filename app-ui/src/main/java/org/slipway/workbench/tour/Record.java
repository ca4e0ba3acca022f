package org.slipway.workbench.tour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Reply;
import org.slipway.model.wire.Wire;
import org.slipway.workbench.hooks.HookRun;
import org.slipway.workbench.plan.StepRow;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the tour leaves behind besides pictures, so that each claim can be checked against the kernel. */
final class Record {

    private final Path folder;
    private final List<Picture> pictures = new ArrayList<>();
    private final ObjectNode container = Wire.object();
    private Optional<Reply.Info> helper = Optional.empty();

    Record(Path folder) {
        this.folder = folder;
    }

    void add(Picture picture) {
        pictures.add(picture);
    }

    int next() {
        return pictures.size() + 1;
    }

    void helper(Reply.Info info) {
        helper = Optional.of(info);
    }

    /** The container while its program runs: its process and what it lives in. */
    void container(Container running) {
        container.put("id", running.id()).put("owner", running.owner()).put("status", running.status());
        running.pid().ifPresent(pid -> container.put("pid", pid));
        container.set("namespaces", running.state().path("namespaces"));
        container.set("state", running.state());
    }

    /** Writes tour.json; {@code failed} says which step broke off, and why. */
    void write(Optional<String> failed) throws IOException {
        ObjectNode tour = Wire.object();
        tour.put("complete", failed.isEmpty());
        failed.ifPresent(why -> tour.put("failed", why));
        long self = ProcessHandle.current().pid();
        ObjectNode window = tour.putObject("window").put("pid", self);
        uid(self).ifPresent(uid -> window.put("uid", uid));
        helper.ifPresent(info -> {
            ObjectNode node = tour.putObject("helper");
            node.put("pid", info.pid()).put("version", info.version()).put("tier", info.tier());
            node.put("callerUid", info.uid());
            uid(info.pid()).ifPresent(uid -> node.put("uid", uid));
        });
        tour.set("container", container);
        ArrayNode shown = tour.putArray("pictures");
        pictures.forEach(picture -> shown.add(Wire.toNode(picture)));
        Files.writeString(folder.resolve("tour.json"), tour.toPrettyString() + "\n");
    }

    /** Who a process is, from the one place that everybody may read. */
    private static Optional<Long> uid(long pid) {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
            return lines.filter(line -> line.startsWith("Uid:"))
                    .map(line -> Long.valueOf(line.split("\\s+", -1)[1]))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Writes trace.json: each step with its call, field, result and time. */
    void trace(List<StepRow.Line> lines) throws IOException {
        ObjectNode trace = Wire.object();
        ArrayNode steps = trace.putArray("steps");
        for (StepRow.Line line : lines) {
            ObjectNode step = steps.addObject();
            step.put("plan", line.plan().name().toLowerCase(java.util.Locale.ROOT));
            step.put("index", line.step().index());
            step.put("actor", line.step().actor().name().toLowerCase(java.util.Locale.ROOT));
            step.put("phase", line.step().phase().name().toLowerCase(java.util.Locale.ROOT));
            step.put("operation", line.step().op().getClass().getSimpleName());
            step.put("call", line.step().op().call());
            line.pointer().ifPresent(pointer -> step.put("pointer", pointer));
            line.record().ifPresent(record -> {
                step.put("result", record.result().name().toLowerCase(java.util.Locale.ROOT));
                step.put("errno", record.errno());
                step.put("startNanos", record.startNanos());
                step.put("endNanos", record.endNanos());
                step.put("detail", record.detail());
            });
        }
        Files.writeString(folder.resolve("trace.json"), trace.toPrettyString() + "\n");
    }

    /** Writes hooks.txt: what each hook printed. */
    void hooks(List<HookRun> runs) throws IOException {
        StringBuilder text = new StringBuilder();
        for (HookRun run : runs) {
            text.append("== ").append(run.kind()).append(' ').append(run.position());
            text.append(" status ")
                    .append(run.status().isPresent() ? run.status().getAsInt() : "running");
            text.append('\n').append(run.output());
            text.append(run.errors());
            text.append(text.charAt(text.length() - 1) == '\n' ? "" : "\n");
        }
        Files.writeString(folder.resolve("hooks.txt"), text.toString());
    }
}
