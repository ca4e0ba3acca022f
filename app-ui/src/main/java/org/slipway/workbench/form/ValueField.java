package org.slipway.workbench.form;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.slipway.model.finding.Member;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Document;
import org.slipway.model.json.Edit;
import org.slipway.workbench.bundle.Session;
import tools.jackson.databind.JsonNode;

/** A member that is edited as one line of text. An empty line takes an optional member away. */
public final class ValueField extends Field {

    private final Codec codec;
    private final boolean required;
    private final StringProperty text = new SimpleStringProperty("");
    private final ReadOnlyBooleanWrapper understood = new ReadOnlyBooleanWrapper(true);
    private final ReadOnlyBooleanWrapper editable = new ReadOnlyBooleanWrapper(true);
    private boolean refreshing;

    /**
     * A field that is empty until the first refresh.
     *
     * @param required whether an empty text is a value too, rather than no member
     */
    ValueField(Session session, String key, String pointer, Codec codec, boolean required) {
        super(session, key, pointer);
        this.codec = codec;
        this.required = required;
        text.addListener((_, _, now) -> typed(now));
    }

    private void typed(String now) {
        if (refreshing) {
            return;
        }
        Optional<JsonNode> present = session.document().get().at(pointer());
        if (now.isEmpty() && !required) {
            understood.set(true);
            if (present.isPresent()) {
                session.edit(new Edit.Remove(pointer()));
            }
            return;
        }
        Optional<JsonNode> value = codec.read(now);
        understood.set(value.isPresent());
        if (value.isPresent() && !value.equals(present)) {
            session.edit(new Edit.Set(pointer(), value.get()));
        }
    }

    @Override
    void refresh(Document document) {
        super.refresh(document);
        Optional<JsonNode> present = document.at(pointer());
        Optional<String> shown = present.isEmpty() ? Optional.of("") : present.flatMap(codec::show);
        editable.set(shown.isPresent());
        boolean meansTheSame = present.isPresent()
                && codec.read(text.get())
                        .map(value -> shows(value, present.get()))
                        .orElse(false);
        if (!meansTheSame) {
            refreshing = true;
            text.set(shown.orElseGet(() -> present.map(JsonNode::toString).orElse("")));
            refreshing = false;
            understood.set(true);
        }
    }

    private boolean shows(JsonNode mine, JsonNode present) {
        return Objects.equals(codec.show(mine), codec.show(present))
                && codec.show(present).isPresent();
    }

    /** What stands in the field. Setting it edits the document, if the text means a value. */
    public StringProperty text() {
        return text;
    }

    /** Whether the text means a value of this kind. */
    public ReadOnlyBooleanProperty understood() {
        return understood.getReadOnlyProperty();
    }

    /** Whether the form can show the value; if not, it is edited in the source only. */
    public ReadOnlyBooleanProperty editable() {
        return editable.getReadOnlyProperty();
    }

    /** Words to choose from; others may be typed unless the specification forbids it. */
    List<String> choices() {
        return switch (codec) {
            case FLAG -> List.of("true", "false");
            case TEXT -> words(member());
            case CHIPS ->
                SpecTable.get().at(pointer() + "/0").map(ValueField::words).orElse(List.of());
            default -> List.of();
        };
    }

    private static List<String> words(Member member) {
        return member.oneOf().isEmpty() ? member.known() : member.oneOf();
    }

    Codec codec() {
        return codec;
    }
}
