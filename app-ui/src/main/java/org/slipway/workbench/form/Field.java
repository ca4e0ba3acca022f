package org.slipway.workbench.form;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.text.Said;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** One member of the configuration as the form shows it. */
public abstract sealed class Field permits ValueField, FlagField, RowsField, NamespacesField, CapabilitiesField {

    final Session session;
    private final String key;
    private final String pointer;
    private final ReadOnlyObjectWrapper<List<Finding>> findings = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyBooleanWrapper present = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper differs = new ReadOnlyBooleanWrapper();

    Field(Session session, String key, String pointer) {
        this.session = session;
        this.key = key;
        this.pointer = pointer;
    }

    /** Names its texts: {@code form.<key>} and {@code form.<key>.help}. */
    public final String key() {
        return key;
    }

    /** The JSON pointer of the member. */
    public final String pointer() {
        return pointer;
    }

    /** What the specification says of it. */
    public final Member member() {
        return SpecTable.get()
                .at(pointer)
                .orElseThrow(() -> new IllegalStateException("the specification has no " + pointer));
    }

    /** One plain sentence about it. */
    public final String help() {
        String mine = "form." + key + ".help";
        return Texts.has(mine) ? Texts.of(mine) : sentence(Said.SENTENCES.help(member()));
    }

    static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1) + ".";
    }

    /** All that is known of it, for who asks: the sentence, where the specification says it, the pointer, the unit, the default. */
    public final String lore() {
        Member member = member();
        return Stream.of(
                        Stream.of(sentence(Said.SENTENCES.help(member))),
                        member.unit().stream().map(unit -> Texts.of("form.unit", unit)),
                        member.standard().stream().map(value -> Texts.of("form.default", value)),
                        Stream.of(pointer + "  ·  " + member.section()))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    /** Takes the value over from the document; what is being typed and means the same stays as it is. */
    void refresh(Document document) {
        Optional<JsonNode> value = document.at(pointer);
        present.set(value.isPresent());
        differs.set(value.isPresent() && !isDefault(value.get()));
    }

    /** What is required and has no default can't differ from it. */
    private boolean isDefault(JsonNode value) {
        Member member = member();
        return member.standard().map(word -> word.equals(value.asString(""))).orElse(member.required());
    }

    /** Whether the member is there and says something else than its absence, or its default, would. */
    public final ReadOnlyBooleanProperty differs() {
        return differs.getReadOnlyProperty();
    }

    /** What holds after {@link #reset}, in words. */
    public final String afterReset() {
        return member().standard()
                .map(value -> Texts.of("form.reset", value))
                .orElseGet(() -> Texts.of("form.reset.none"));
    }

    /** Whether the member is there at all; without it its default holds. */
    public final ReadOnlyBooleanProperty present() {
        return present.getReadOnlyProperty();
    }

    /** Takes the member away, so that its default holds; one that must be there gets its default. Undo takes it back. */
    public final void reset() {
        Member member = member();
        if (member.required() && member.standard().isPresent()) {
            JsonNodeFactory nodes = JsonNodeFactory.instance;
            String word = member.standard().get();
            boolean number = word.matches("-?\\d{1,18}");
            session.edit(
                    new Edit.Set(pointer, number ? nodes.numberNode(Long.parseLong(word)) : nodes.stringNode(word)));
        } else {
            session.edit(new Edit.Remove(pointer));
        }
    }

    /** Shows the findings that belong to this member. */
    void judge(List<Finding> all) {
        findings.set(all.stream()
                .filter(finding -> Selected.within(finding.pointer(), pointer))
                .toList());
    }

    /** What is wrong with it. */
    public final ReadOnlyObjectProperty<List<Finding>> findings() {
        return findings.getReadOnlyProperty();
    }

    /** Makes the change that a finding offers; undo takes it back. */
    public final void fix(Finding finding) {
        finding.fix().ifPresent(session::edit);
    }

    /** Says that the person is at this field now. */
    public final void entered() {
        session.select(pointer, Selected.Where.FORM);
    }
}
