package org.slipway.model.profile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.model.finding.Finding;
import org.slipway.model.json.Document;
import org.slipway.model.json.Limits;
import org.slipway.model.json.Pointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration of 0.1 and 0.2: {@code config.json} for what is the same everywhere, {@code runtime.json} for what is the
 * host's. Both together are one document with a member for each file, so that one text is read, sent, recorded and hashed.
 */
public final class TwoFiles {

    /** The portable half. */
    public static final String CONFIG = "config.json";

    /** The host's half. */
    public static final String RUNTIME = "runtime.json";

    private static final String BEFORE = "{\"" + CONFIG + "\":\n";
    private static final String BETWEEN = ",\n\"" + RUNTIME + "\":\n";
    private static final String AFTER = "\n}\n";

    private TwoFiles() {}

    /** Both files as one document's text; each keeps its bytes and begins on a line of its own. */
    public static byte[] join(byte[] config, byte[] runtime) {
        byte[][] parts = {bytes(BEFORE), config, bytes(BETWEEN), runtime, bytes(AFTER)};
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a document is both files. */
    static boolean are(Document document) {
        ObjectNode tree = document.tree();
        return tree.path(CONFIG).isObject() && tree.path(RUNTIME).isObject() && tree.size() == 2;
    }

    /** Whether a configuration says that there is a second file. */
    public static boolean asksFor(Document config) {
        return config.at("/ociVersion").isEmpty()
                && config.at("/version")
                        .filter(JsonNode::isString)
                        .flatMap(version -> SpecVersion.parse(version.stringValue()))
                        .flatMap(Profiles::of)
                        .filter(profile -> profile.name().equals("0.2"))
                        .isPresent();
    }

    /** Whether the bytes of a configuration may say so; a cheap look before anything is parsed. */
    public static boolean maybe(byte[] config) {
        String text = new String(config, StandardCharsets.UTF_8);
        return !text.contains("\"ociVersion\"")
                && text.contains("\"version\"")
                && Document.parse(config, Limits.here()) instanceof Document.Good(Document document)
                && asksFor(document);
    }

    /** The line of a finding in the file that its place is in. */
    public static int line(byte[] config, Finding finding) {
        Optional<String> file = file(finding.pointer());
        return file.isPresent()
                        && Document.parse(config, Limits.here()) instanceof Document.Good(Document both)
                        && are(both)
                ? finding.line() - linesBefore(both, file.get())
                : finding.line();
    }

    /** The file that a place of such a document is in, if it is one of both. */
    public static Optional<String> file(String pointer) {
        return pointer.isEmpty()
                ? Optional.empty()
                : Optional.of(Pointer.names(pointer).getFirst())
                        .filter(name -> name.equals(CONFIG) || name.equals(RUNTIME));
    }

    /** How many lines of the one document stand before a file's first. */
    static int linesBefore(Document both, String file) {
        int key = both.place(Chain.inFile(file, "")).orElseThrow().keyStart();
        return (int) both.text()
                        .substring(0, key)
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                + 1;
    }

    /** Makes one configuration of both. */
    static void join(Rewriting rewriting) {
        ObjectNode all = rewriting.tree();
        if (all.remove(CONFIG) instanceof ObjectNode config && all.remove(RUNTIME) instanceof ObjectNode runtime) {
            all.setAll(config);
            config.propertyNames()
                    .forEach(name ->
                            rewriting.cameFrom(Pointer.child("", name), Chain.inFile(CONFIG, Pointer.child("", name))));
            mounts(rewriting, all, runtime);
            hostSide(rewriting, all, runtime);
        }
    }

    private static void mounts(Rewriting rewriting, ObjectNode all, ObjectNode runtime) {
        if (!(all.path("mounts") instanceof ArrayNode named)) {
            return;
        }
        ArrayNode joined = JsonNodeFactory.instance.arrayNode();
        List<String> used = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            String name = named.get(i).path("name").asString("");
            JsonNode how = runtime.path("mounts").path(name);
            used.add(name);
            ObjectNode mount = joined.addObject();
            String entry = Pointer.child("/mounts", i);
            String here = Chain.inFile(CONFIG, entry);
            String there = Chain.inFile(RUNTIME, Pointer.child("/mounts", name));
            rewriting.cameFrom(entry, here);
            take(rewriting, mount, "destination", named.get(i), "path", here, entry);
            for (String member : List.of("type", "source", "options")) {
                take(rewriting, mount, member, how, member, there, entry);
            }
        }
        all.set("mounts", joined);
        runtime.path("mounts").propertyNames().stream()
                .filter(name -> !used.contains(name))
                .forEach(name -> rewriting.lost(
                        Chain.inFile(RUNTIME, Pointer.child("/mounts", name)),
                        runtime.path("mounts").path(name),
                        "mount-not-named",
                        Map.of("name", name)));
    }

    private static void take(
            Rewriting rewriting,
            ObjectNode mount,
            String as,
            JsonNode holder,
            String member,
            String place,
            String entry) {
        JsonNode value = holder.path(member);
        if (!value.isMissingNode()) {
            mount.set(as, value);
            rewriting.joined(Pointer.child(place, member), Pointer.child(entry, as));
        }
    }

    /** Hooks, and of linux all that config.json does not have. */
    private static void hostSide(Rewriting rewriting, ObjectNode all, ObjectNode runtime) {
        for (Map.Entry<String, JsonNode> member : runtime.properties()) {
            String name = member.getKey();
            String pointer = Pointer.child("", name);
            if (name.equals("mounts")) {
                continue;
            }
            if (name.equals("linux") && all.path("linux") instanceof ObjectNode linux) {
                member.getValue().properties().forEach(inner -> {
                    String place = Pointer.child(pointer, inner.getKey());
                    if (!linux.has(inner.getKey())) {
                        linux.set(inner.getKey(), inner.getValue());
                        rewriting.joined(Chain.inFile(RUNTIME, place), place);
                    } else {
                        rewriting.lost(
                                Chain.inFile(RUNTIME, place),
                                inner.getValue(),
                                "member-taken",
                                Map.of("member", inner.getKey()));
                    }
                });
            } else if (!all.has(name)) {
                all.set(name, member.getValue());
                rewriting.joined(Chain.inFile(RUNTIME, pointer), pointer);
            }
        }
    }
}
