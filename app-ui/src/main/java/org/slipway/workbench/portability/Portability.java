package org.slipway.workbench.portability;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slipway.model.finding.SpecTable;
import org.slipway.workbench.text.Texts;

/** What each runtime does with a member of the configuration, by a dated table, and by what is installed here where that says more. */
public final class Portability {

    /** The runtimes, in the order in which they are shown. */
    public static final List<String> RUNTIMES = List.of("slipway", "runc", "crun", "youki");

    private static final Portability TABLE = read();

    /** How sure a runtime does it. */
    public enum Verdict {
        YES,
        NO,
        DEPENDS,
        UNKNOWN
    }

    /**
     * What one runtime does.
     *
     * @param words the same in words, with the version it depends on
     * @param source who says so
     */
    public record Answer(String runtime, Verdict verdict, String words, String source) {}

    private record Line(String pattern, String runtime, String word, String source) {

        boolean covers(String member) {
            return pattern.equals("/") || member.equals(pattern) || member.startsWith(pattern + "/");
        }
    }

    private final String date;
    private final Map<String, String> sources;
    private final List<Line> lines;
    private final Map<String, Installed> installed;

    private Portability(String date, Map<String, String> sources, List<Line> lines, Map<String, Installed> installed) {
        this.date = date;
        this.sources = sources;
        this.lines = lines;
        this.installed = Map.copyOf(installed);
    }

    private static Portability read() {
        String name = "portability.table";
        try (InputStream in = Objects.requireNonNull(Portability.class.getResourceAsStream(name), name)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Portability parse(String text) {
        String date = "";
        Map<String, String> sources = new HashMap<>();
        List<Line> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (words[0].equals("date")) {
                date = words[1];
            } else if (words[0].equals("source")) {
                sources.put(words[1], line.substring(line.indexOf(words[1]) + words[1].length() + 1));
            } else {
                if (!RUNTIMES.contains(words[1]) || !sources.containsKey(words[3])) {
                    throw new IllegalStateException("not understood: " + line);
                }
                lines.add(new Line(words[0], words[1], words[2], words[3]));
            }
        }
        return new Portability(date, sources, lines, Map.of());
    }

    /** The table alone. */
    public static Portability table() {
        return TABLE;
    }

    /** The table with what is installed here, by the names of the runtimes. */
    Portability with(Map<String, Installed> here) {
        return new Portability(date, sources, lines, here);
    }

    /** When the sources of the table were read, as {@code yyyy-mm-dd}. */
    public String date() {
        return date;
    }

    /** What every runtime does with the member at a pointer; nothing for one that the specification does not know. */
    public List<Answer> of(String pointer) {
        return SpecTable.get().at(pointer).stream()
                .flatMap(member -> RUNTIMES.stream().map(runtime -> answer(runtime, member.pattern())))
                .toList();
    }

    /** Whether the table has a line of its own for a member, or what lies above it. */
    boolean isParticular(String pattern) {
        return lines.stream().anyMatch(line -> !line.pattern().equals("/") && line.covers(pattern));
    }

    private Answer answer(String runtime, String pattern) {
        Line line = lines.stream()
                .filter(each -> each.runtime().equals(runtime) && each.covers(pattern))
                .max(java.util.Comparator.comparingInt(each -> each.pattern().length()))
                .orElseThrow(() -> new IllegalStateException("the table has no " + runtime));
        String source = Objects.requireNonNull(sources.get(line.source()));
        Optional<Installed> here = Optional.ofNullable(installed.get(runtime));
        Optional<Boolean> says = here.flatMap(known -> known.says(pattern));
        if (here.isPresent() && says.isPresent()) {
            return here(runtime, here.get(), says.get(), runtime + " features");
        }
        if (!line.word().startsWith("since:")) {
            Verdict verdict = Verdict.valueOf(line.word().toUpperCase(java.util.Locale.ROOT));
            return new Answer(runtime, verdict, Texts.of("portability." + line.word()), source);
        }
        String version = line.word().substring("since:".length());
        if (version.equals("?")) {
            return new Answer(runtime, Verdict.DEPENDS, Texts.of("portability.newer"), source);
        }
        return here.map(known -> here(runtime, known, known.atLeast(version), source))
                .orElseGet(() -> new Answer(runtime, Verdict.DEPENDS, Texts.of("portability.since", version), source));
    }

    private static Answer here(String runtime, Installed known, boolean does, String source) {
        return new Answer(
                runtime,
                does ? Verdict.YES : Verdict.NO,
                Texts.of(does ? "portability.here" : "portability.not-here", known.version()),
                source);
    }
}
