package org.slipway.model.finding;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.model.json.Pointer;
import org.slipway.model.plan.Capability;

/** The members of config.json that the specification knows (1.3, Linux), read from {@code members.table}. */
public final class SpecTable {

    private static final SpecTable ONLY = new SpecTable();

    private final Map<String, Member> byPattern = new LinkedHashMap<>();
    private final Map<String, List<Member>> byParent = new HashMap<>();

    private SpecTable() {
        Map<String, List<String>> sets = new HashMap<>();
        sets.put("@capability", Capability.NAMES);
        sets.put("@mountoption", MountOptions.known());
        sets.put("@syscall", syscalls());
        String section = "";
        for (String line : text("members.table").lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                section = line.substring(1, line.indexOf(']'));
                continue;
            }
            List<String> words = List.of(line.trim().split(" +"));
            if (words.getFirst().equals("set")) {
                sets.put(words.get(1), words.subList(2, words.size()));
            } else {
                add(member(words, section, sets));
            }
        }
    }

    /** The table. */
    public static SpecTable get() {
        return ONLY;
    }

    /** All members, each object before what it holds. */
    public List<Member> all() {
        return List.copyOf(byPattern.values());
    }

    /** The member that a pointer leads to, if the specification knows it. */
    public Optional<Member> at(String pointer) {
        String pattern = "";
        for (String name : Pointer.names(pointer)) {
            String exact = Pointer.child(pattern, name);
            pattern = byPattern.containsKey(exact) ? exact : pattern + "/*";
            if (!byPattern.containsKey(pattern)) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(byPattern.get(pattern));
    }

    /** The section that defines a member, or the nearest one above it that the specification knows. */
    public String section(String pointer) {
        for (String at = pointer; !at.isEmpty(); at = Pointer.parent(at)) {
            Optional<Member> member = at(at);
            if (member.isPresent()) {
                return member.get().section();
            }
        }
        return "config.md";
    }

    /** What may stand in the object, list or map at a pointer, for the document itself with the empty pointer. */
    public List<Member> children(String pointer) {
        String pattern =
                pointer.isEmpty() ? "" : at(pointer).map(Member::pattern).orElse("/?");
        return byParent.getOrDefault(pattern, List.of());
    }

    /** What may stand in a member that is an object, a list or a map. */
    List<Member> children(Member member) {
        return byParent.getOrDefault(member.pattern(), List.of());
    }

    private void add(Member member) {
        if (byPattern.put(member.pattern(), member) != null) {
            throw new IllegalStateException("twice in the table: " + member.pattern());
        }
        byParent.computeIfAbsent(Pointer.parent(member.pattern()), parent -> new ArrayList<>())
                .add(member);
    }

    private static Member member(List<String> words, String section, Map<String, List<String>> sets) {
        Member.Type type = Member.Type.valueOf(words.get(1).toUpperCase(Locale.ROOT));
        Map<String, String> attributes = new HashMap<>();
        for (String word : words.subList(2, words.size())) {
            String[] parts = word.split("=", 2);
            attributes.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        return new Member(
                words.getFirst(),
                type,
                attributes.containsKey("required"),
                attributes.containsKey("nonempty"),
                attributes.containsKey("min") ? new BigInteger(attributes.get("min")) : type.smallest(),
                attributes.containsKey("max") ? new BigInteger(attributes.get("max")) : type.largest(),
                attributes.containsKey("or-zero"),
                words(attributes.getOrDefault("one-of", ""), sets),
                words(attributes.getOrDefault("known", ""), sets),
                Optional.ofNullable(attributes.get("unit")),
                Optional.ofNullable(attributes.get("default")),
                section);
    }

    private static List<String> words(String value, Map<String, List<String>> sets) {
        if (value.isEmpty()) {
            return List.of();
        }
        List<String> set = value.startsWith("@") ? sets.get(value) : List.of(value.split("\\|", -1));
        if (set == null) {
            throw new IllegalStateException("no set " + value);
        }
        return set;
    }

    private static List<String> syscalls() {
        return text("syscalls.table")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .flatMap(line -> Stream.of(line.split(" ")))
                .toList();
    }

    private static String text(String table) {
        try (InputStream in = SpecTable.class.getResourceAsStream(table)) {
            if (in == null) {
                throw new IllegalStateException(table + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
