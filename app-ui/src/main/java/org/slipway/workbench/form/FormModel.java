package org.slipway.workbench.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;

/** All fields of the form, by page, kept in step with the document. */
public final class FormModel {

    /** A page of the form; its text is {@code form.section.<key>}. */
    public record Section(String key, List<Group> groups) {

        /** All fields of the page. */
        public List<Field> fields() {
            return groups.stream().flatMap(group -> group.fields().stream()).toList();
        }

        /** Whether a member is edited here. */
        boolean holds(String pointer) {
            return fields().stream().anyMatch(field -> Selected.within(pointer, field.pointer()));
        }
    }

    /** Fields below a heading {@code form.group.<name>}, or below none. */
    public record Group(String name, List<Field> fields) {}

    private final Session session;
    private final List<Section> sections;

    /** The fields of a session's document. */
    public FormModel(Session session) {
        this.session = session;
        this.sections = FieldTable.read().stream().map(this::section).toList();
        List<Field> fields =
                sections.stream().flatMap(section -> section.fields().stream()).toList();
        session.document().subscribe(document -> fields.forEach(field -> field.refresh(document)));
        session.findings().subscribe(findings -> fields.forEach(field -> field.judge(findings)));
    }

    private Section section(FieldTable.Page page) {
        List<Group> groups = new ArrayList<>();
        for (FieldTable.Group group : page.groups()) {
            List<Field> fields = group.entries().stream().map(this::field).toList();
            if (!fields.isEmpty()) {
                groups.add(new Group(group.name(), fields));
            }
        }
        return new Section(page.key(), groups);
    }

    private Field field(FieldTable.Entry entry) {
        return switch (entry.kind()) {
            case LINE ->
                entry.codec() == Codec.FLAG
                        ? new FlagField(session, entry.key(), entry.pointer())
                        : new ValueField(
                                session,
                                entry.key(),
                                entry.pointer(),
                                entry.codec(),
                                entry.codec() == Codec.TEXT && entry.member().required());
            case LINES, TABLE, MAP -> new RowsField(session, entry);
            case NAMESPACES -> new NamespacesField(session, entry.key(), entry.pointer());
            case CAPABILITIES -> new CapabilitiesField(session, entry.key(), entry.pointer());
        };
    }

    /** The field that edits a member, or that the member lies in. */
    public Optional<Field> fieldOf(String pointer) {
        return sections.stream()
                .flatMap(section -> section.fields().stream())
                .filter(field -> Selected.within(pointer, field.pointer()))
                .findFirst();
    }

    /** The pages, in order. */
    public List<Section> sections() {
        return sections;
    }

    /**
     * The page on which a member is edited; of one that is no field itself, the page of the first field that lies in it; of one
     * that no page knows, the page of the nearest member above it.
     */
    public Optional<Section> sectionOf(String pointer) {
        String at = pointer;
        while (!at.isEmpty()) {
            String wanted = at;
            Optional<Section> found = sections.stream()
                    .filter(section -> section.holds(wanted))
                    .findFirst()
                    .or(() -> sections.stream()
                            .filter(section -> section.fields().stream()
                                    .anyMatch(field -> Selected.within(field.pointer(), wanted)))
                            .findFirst());
            if (found.isPresent()) {
                return found;
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return Optional.empty();
    }

    /** Every member that can be edited here, as patterns of the specification's table. */
    Stream<String> patterns() {
        return sections.stream().flatMap(section -> section.fields().stream()).flatMap(field -> switch (field) {
            case RowsField rows ->
                rows.columns().stream()
                        .map(column -> rows.pointer() + (column.member().isEmpty() ? "/*" : "/*/" + column.member()));
            case NamespacesField namespaces -> Stream.of("/*/type", "/*/path").map(namespaces.pointer()::concat);
            case CapabilitiesField sets ->
                CapabilitiesField.SETS.stream().map(set -> sets.pointer() + "/" + set + "/*");
            case ValueField value -> Stream.of(value.pointer());
            case FlagField flag -> Stream.of(flag.pointer());
        });
    }

    public Session session() {
        return session;
    }
}
