package org.slipway.workbench.form;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.workbench.text.Said;
import org.slipway.workbench.text.Texts;

/**
 * All that is known of a member of the configuration, for who asks.
 *
 * @param sentence what it is for
 * @param facts type, unit, default, what may stand there, each a line
 * @param section where the specification defines it
 */
public record Lore(String pointer, String sentence, List<String> facts, String section) {

    private static final int WORDS = 12;

    public Lore {
        facts = List.copyOf(facts);
    }

    /** What is known of a member; empty for one that the specification does not know. */
    public static Optional<Lore> of(String pointer) {
        return pointer.isEmpty()
                ? Optional.empty()
                : SpecTable.get().at(pointer).map(member -> of(pointer, member));
    }

    private static Lore of(String pointer, Member member) {
        List<String> words = member.oneOf().isEmpty() ? member.known() : member.oneOf();
        String some =
                words.stream().limit(WORDS).collect(Collectors.joining(", ")) + (words.size() > WORDS ? ", …" : "");
        String kind = Texts.of(
                member.required() ? "lore.required" : "lore.optional",
                member.type().word());
        return new Lore(
                pointer,
                Field.sentence(Said.SENTENCES.help(member)),
                Stream.of(
                                Optional.of(kind),
                                member.unit().map(unit -> Texts.of("form.unit", unit)),
                                Optional.of(member.standard()
                                        .map(value -> Texts.of("lore.default", value))
                                        .orElseGet(() -> Texts.of("lore.no-default"))),
                                Optional.of(some)
                                        .filter(text -> !text.isEmpty())
                                        .map(text -> Texts.of(
                                                member.oneOf().isEmpty() ? "lore.known" : "lore.one-of", text)))
                        .flatMap(Optional::stream)
                        .toList(),
                member.section());
    }
}
