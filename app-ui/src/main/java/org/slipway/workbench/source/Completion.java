package org.slipway.workbench.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Pointer;
import org.slipway.workbench.text.Said;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.node.JsonNodeFactory;

/** What may stand at a place of the text, out of the tables that the rules read: names of members, words, true and false. */
final class Completion {

    /** Annotations that the runtime specification itself defines (config.md §Annotations). */
    private static final List<String> ANNOTATIONS = Stream.of(
                    "os", "os.version", "os.features", "architecture", "variant", "author", "created", "stopSignal")
            .map(name -> "org.opencontainers.image." + name)
            .toList();

    /** Kernel parameters that belong to a namespace, so that a container may set its own (namespaces(7), ipc_namespaces(7)). */
    private static final List<String> SYSCTLS = List.of(
            "fs.mqueue.msg_default",
            "fs.mqueue.msg_max",
            "fs.mqueue.msgsize_default",
            "fs.mqueue.msgsize_max",
            "fs.mqueue.queues_max",
            "kernel.auto_msgmni",
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shm_rmid_forced",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "net.core.somaxconn",
            "net.ipv4.ip_forward",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ping_group_range",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_syncookies",
            "net.ipv6.conf.all.disable_ipv6",
            "net.ipv6.conf.all.forwarding");

    private static final List<String> SIGNALS =
            List.of("SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGKILL");

    private static final String STOP_SIGNAL = "/annotations/org.opencontainers.image.stopSignal";

    private Completion() {}

    /**
     * One thing that may stand there.
     *
     * @param text what the person chooses by
     * @param help one sentence, or empty
     * @param insert what replaces the spot
     * @param caret where the caret stands afterwards, counted from the spot's beginning
     */
    record Candidate(String text, String help, String insert, int caret) {}

    /** What may stand at a spot and has what was typed in it, what begins with it first. */
    static List<Candidate> of(Spot spot) {
        List<Candidate> all = spot.name() ? names(spot) : values(spot);
        String typed = spot.typed().toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(candidate -> candidate.text().toLowerCase(Locale.ROOT).contains(typed))
                .sorted(Comparator.comparing(
                        candidate -> !candidate.text().toLowerCase(Locale.ROOT).startsWith(typed)))
                .toList();
    }

    private static List<Candidate> names(Spot spot) {
        List<Candidate> found = new ArrayList<>();
        for (Member member : SpecTable.get().children(spot.pointer())) {
            if (!member.name().equals("*")) {
                String help = Said.SENTENCES.help(member) + "  ·  " + member.section();
                found.add(name(spot, member.name(), help, Optional.of(member)));
            }
        }
        List<String> more = switch (spot.pointer()) {
            case "/annotations" -> ANNOTATIONS;
            case "/linux/sysctl" -> SYSCTLS;
            default -> List.of();
        };
        Optional<Member> element = SpecTable.get().at(Pointer.child(spot.pointer(), "*"));
        more.forEach(name -> found.add(name(spot, name, "", element)));
        found.removeIf(candidate -> spot.taken().contains(candidate.text()));
        return found;
    }

    /** A name that has its value already is replaced alone; any other comes with an empty value to fill. */
    private static Candidate name(Spot spot, String name, String help, Optional<Member> member) {
        String quoted = quote(name);
        if (spot.colon()) {
            return new Candidate(name, help, quoted, quoted.length());
        }
        String value = member.map(Completion::empty).orElse("\"\"");
        boolean inside = value.equals("\"\"") || value.equals("[]") || value.equals("{}");
        String insert = quoted + ": " + value;
        return new Candidate(name, help, insert, insert.length() - (inside ? 1 : 0));
    }

    private static String empty(Member member) {
        return switch (member.type()) {
            case OBJECT, MAP -> "{}";
            case LIST -> "[]";
            case STRING, PATH, CPUS -> "\"\"";
            case BOOLEAN -> member.standard().filter("true"::equals).isPresent() ? "false" : "true";
            default ->
                member.standard().filter(value -> value.matches("-?\\d+")).orElse("0");
        };
    }

    private static List<Candidate> values(Spot spot) {
        Optional<Member> member = SpecTable.get().at(spot.pointer());
        if (spot.pointer().equals(STOP_SIGNAL)) {
            return words(SIGNALS);
        }
        if (member.isEmpty()) {
            return List.of();
        }
        if (member.get().type() == Member.Type.BOOLEAN) {
            return Stream.of("true", "false")
                    .map(word -> new Candidate(word, "", word, word.length()))
                    .toList();
        }
        return words(
                member.get().oneOf().isEmpty()
                        ? member.get().known()
                        : member.get().oneOf());
    }

    private static List<Candidate> words(List<String> words) {
        return words.stream()
                .map(word ->
                        new Candidate(word, help(word), quote(word), quote(word).length()))
                .toList();
    }

    private static String help(String word) {
        String key = word.startsWith("CAP_") ? "capability." + word : "form.namespace." + word;
        return Texts.has(key) ? Texts.of(key) : "";
    }

    private static String quote(String word) {
        return JsonNodeFactory.instance.stringNode(word).toString();
    }
}
