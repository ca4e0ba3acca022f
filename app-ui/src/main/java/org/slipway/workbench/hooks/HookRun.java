package org.slipway.workbench.hooks;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run of a hook, as the helper tells it.
 *
 * @param kind a member of {@code hooks}, such as {@code createRuntime}
 * @param position its place there, from 0
 * @param status exit status, 128 + signal, 124 on timeout, or −errno; empty while it runs
 */
public record HookRun(String kind, int position, OptionalInt status, long nanos, String output, String errors) {

    /** Reads what the helper sent. */
    static HookRun of(ObjectNode node) {
        boolean ended = node.path("ended").asBoolean(true);
        return new HookRun(
                member(node.path("kind").asString("")),
                node.path("position").asInt(0),
                ended && node.hasNonNull("status")
                        ? OptionalInt.of(node.path("status").asInt(0))
                        : OptionalInt.empty(),
                node.path("nanoseconds").asLong(0),
                text(node.path("stdout").asString("")),
                text(node.path("stderr").asString("")));
    }

    /** {@code CREATE_RUNTIME} and {@code createRuntime} are the same. */
    private static String member(String kind) {
        if (!kind.equals(kind.toUpperCase(Locale.ROOT))) {
            return kind;
        }
        StringBuilder member = new StringBuilder();
        for (String word : kind.toLowerCase(Locale.ROOT).split("_", -1)) {
            member.append(
                    member.isEmpty() || word.isEmpty()
                            ? word
                            : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return member.toString();
    }

    private static String text(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }

    boolean sameAs(HookRun other) {
        return kind.equals(other.kind) && position == other.position;
    }

    /** Its member of the configuration. */
    public String pointer() {
        return "/hooks/" + kind + "/" + position;
    }
}
