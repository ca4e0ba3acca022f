package org.slipway.model.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.json.Document;
import org.slipway.model.spec.Lifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration made one of a later profile (DRAFT-03). It is the same chain of changes by which it is read for a run, ended where it
 * is asked for, and beside the members it tells what the new version's lifecycle does otherwise.
 *
 * @param document the new configuration; what did not change keeps its bytes
 * @param changes each change, value by value
 */
public record Conversion(Profile from, Profile to, Document document, List<Converted> changes) {

    private static final List<FileSystem> ALWAYS = List.of(
            new FileSystem("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")),
            new FileSystem("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")),
            new FileSystem(
                    "/dev/pts",
                    "devpts",
                    "devpts",
                    List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620")),
            new FileSystem(
                    "/dev/shm", "tmpfs", "shm", List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")));

    public Conversion {
        changes = List.copyOf(changes);
    }

    private record FileSystem(String path, String type, String source, List<String> options) {}

    /** Whether that profile comes after the one that a reading is of, or is it. */
    public static boolean leads(Reading reading, Profile to) {
        return Profiles.index(reading.profile().name()) <= Profiles.index(to.name());
    }

    /** Converts what was read into a profile that {@link #leads} from its own. */
    public static Conversion of(Reading reading, Profile to) {
        Profile from = reading.profile();
        if (!leads(reading, to)) {
            throw new IllegalArgumentException(to.name() + " is older than " + from.name());
        }
        Rewriting rewriting = new Rewriting(reading.original().tree(), from.draft());
        Reading.upgrade(rewriting, from, to);
        rewriting.apply(to.name(), all -> filesystems(all, from.lifecycle(), to.lifecycle()));
        rewriting.apply(to.name(), all -> version(all, to));
        rewriting.apply(to.name(), all -> meanings(all, from.lifecycle(), to.lifecycle()));
        ObjectNode wanted = rewriting.tree();
        Document document = TwoFiles.are(reading.original()) && !to.name().equals("0.2")
                ? portable(reading.original()).saying(wanted)
                : reading.original().saying(wanted);
        return new Conversion(from, to, document, rewriting.converted());
    }

    /** What it could not keep. */
    public List<Converted> losses() {
        return changes.stream().filter(Converted::loss).toList();
    }

    /** Of two files the portable one goes on, so that its manner of writing stays. */
    private static Document portable(Document both) {
        var place = both.place(Chain.inFile(TwoFiles.CONFIG, "")).orElseThrow();
        String text = both.text().substring(place.start(), place.end()) + "\n";
        return switch (Document.parse(text)) {
            case Document.Good good -> good.document();
            case Document.Broken broken -> throw new IllegalStateException(broken.toString());
        };
    }

    private static void version(Rewriting rewriting, Profile to) {
        JsonNode now = rewriting.at("/ociVersion");
        JsonNode wanted = JsonNodeFactory.instance.stringNode(to.version());
        if (now.isString() && !now.equals(wanted)) {
            rewriting.replace(Converted.Kind.REINTERPRETED, "/ociVersion", wanted, "version-set", false);
        }
    }

    /** What was there without being listed is listed now, where other mounts are. */
    private static void filesystems(Rewriting rewriting, Lifecycle from, Lifecycle to) {
        if (!from.filesystemsAlways()
                || to.filesystemsAlways()
                || rewriting.at("/mounts").isEmpty()) {
            return;
        }
        List<String> listed = new ArrayList<>();
        rewriting
                .at("/mounts")
                .forEach(mount ->
                        listed.add(mount.path("destination").asString("").replaceAll("/+$", "")));
        for (FileSystem filesystem : ALWAYS) {
            if (!listed.contains(filesystem.path())) {
                ObjectNode mount = JsonNodeFactory.instance
                        .objectNode()
                        .put("destination", filesystem.path())
                        .put("type", filesystem.type())
                        .put("source", filesystem.source());
                ArrayNode options = mount.putArray("options");
                filesystem.options().forEach(options::add);
                rewriting.append("/mounts", mount, "filesystem-added", Map.of("path", filesystem.path()));
            }
        }
    }

    private static void meanings(Rewriting rewriting, Lifecycle from, Lifecycle to) {
        if (from.prestartInStart() != to.prestartInStart()
                && !rewriting.at("/hooks/prestart").isEmpty()) {
            rewriting.meansOtherwise("/hooks/prestart", "prestart-in-create", true);
        }
        if (from.poststartMayFail() != to.poststartMayFail()
                && !rewriting.at("/hooks/poststart").isEmpty()) {
            rewriting.meansOtherwise(
                    "/hooks/poststart", to.poststartMayFail() ? "poststart-warns" : "poststart-stops", true);
        }
        if (from.targetsExist()
                && !to.targetsExist()
                && !rewriting.at("/mounts").isEmpty()) {
            rewriting.meansOtherwise("/mounts", "targets-made", false);
        }
        if (from.rereadsProcess() && !to.rereadsProcess()) {
            rewriting.meansOtherwise("/process", "process-read-once", true);
        }
    }

    /** The report as {@code slipway convert --json} prints it. */
    public ObjectNode json() {
        ObjectNode report =
                JsonNodeFactory.instance.objectNode().put("from", from.name()).put("to", to.name());
        ArrayNode list = report.putArray("changes");
        for (Converted change : changes) {
            ObjectNode entry = list.addObject()
                    .put("kind", change.kind().word())
                    .put("code", change.code())
                    .put("profile", change.profile());
            put(entry, "from", change.from());
            put(entry, "to", change.to());
            entry.put("loss", change.loss());
            ObjectNode arguments = entry.putObject("arguments");
            change.arguments().entrySet().stream()
                    .filter(argument -> !List.of("from", "to").contains(argument.getKey()))
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(argument -> arguments.put(argument.getKey(), argument.getValue()));
        }
        return report;
    }

    private static void put(ObjectNode entry, String name, Optional<String> value) {
        value.ifPresent(text -> entry.put(name, text));
    }
}
