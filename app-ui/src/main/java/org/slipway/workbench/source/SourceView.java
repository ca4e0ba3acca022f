package org.slipway.workbench.source;

import java.util.List;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import jfx.incubator.scene.control.richtext.CodeArea;
import jfx.incubator.scene.control.richtext.TextPos;
import jfx.incubator.scene.control.richtext.model.CodeTextModel;
import org.slipway.model.json.TextChange;
import org.slipway.workbench.bundle.Selected;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.text.Texts;

/** The text of config.json. What is typed here goes to the session; what changes elsewhere is put in place, caret and scroll kept. */
public final class SourceView extends BorderPane {

    private final Session session;
    private final CodeTextModel model = new CodeTextModel();
    private final CodeArea area = new CodeArea(model);
    private String shown = "";
    private boolean applying;

    /** The source of a session's document. */
    public SourceView(Session session) {
        this.session = session;
        getStyleClass().add("source");
        area.setId("source");
        area.setLineNumbersEnabled(true);
        area.setHighlightCurrentParagraph(true);
        area.setTabSize(2);
        area.setContentPadding(new Insets(4, 8, 8, 8));
        area.setUndoRedoEnabled(false);
        area.setAccessibleText(Texts.of("source.name"));
        area.setContextMenu(menu());
        setTop(header());
        setCenter(area);
        model.addListener(change -> {
            if (change.isEdit() && !applying) {
                typed();
            }
        });
        session.text().subscribe(this::show);
        session.findings().subscribe(_ -> decorate());
        session.broken().subscribe(_ -> decorate());
        session.selected().subscribe(this::reveal);
        area.caretPositionProperty().subscribe(this::moved);
    }

    private Node header() {
        Label name = new Label("config.json");
        name.getStyleClass().add("pane-title");
        Label changed = new Label();
        changed.setId("source-changed");
        changed.getStyleClass().add("field-help");
        changed.textProperty()
                .bind(session.dirty().map(dirty -> Texts.of(dirty ? "source.changed" : "source.unchanged")));
        HBox header = new HBox(name, changed);
        header.getStyleClass().add("pane-header");
        return header;
    }

    /** Its own menu, because undo belongs to form and source together. */
    private ContextMenu menu() {
        MenuItem cut = new MenuItem(Texts.of("source.cut"));
        cut.setOnAction(_ -> area.cut());
        MenuItem copy = new MenuItem(Texts.of("source.copy"));
        copy.setOnAction(_ -> area.copy());
        MenuItem paste = new MenuItem(Texts.of("source.paste"));
        paste.setOnAction(_ -> area.pastePlainText());
        return new ContextMenu(cut, copy, paste);
    }

    private void typed() {
        String text = area.getText();
        shown = text;
        session.type(text);
    }

    private void show(String text) {
        if (text.equals(shown)) {
            decorate();
            return;
        }
        TextChange change = TextChange.between(shown, text);
        Offsets before = new Offsets(shown);
        applying = true;
        try {
            model.replace(null, before.position(change.from()), before.position(change.to()), change.replacement());
        } finally {
            applying = false;
        }
        shown = text;
        decorate();
    }

    /** A new decorator each time: the area paints its text anew only for another instance. */
    private void decorate() {
        if (session.text().get().equals(shown)) {
            area.setSyntaxDecorator(new Decorator(Underlines.of(session)));
        }
    }

    private void moved(TextPos caret) {
        if (caret == null
                || applying
                || !area.isFocused()
                || session.broken().get().isPresent()) {
            return;
        }
        int offset = new Offsets(shown).offset(caret);
        session.document()
                .get()
                .pointerAt(offset)
                .filter(pointer -> !pointer.equals(session.selected().get().pointer()))
                .ifPresent(pointer -> session.select(pointer, Selected.Where.SOURCE));
    }

    private void reveal(Selected selected) {
        if (selected.where() == Selected.Where.SOURCE
                || selected.pointer().isEmpty()
                || session.broken().get().isPresent()) {
            return;
        }
        session.offsetOf(selected.pointer()).ifPresent(offset -> {
            applying = true;
            area.select(new Offsets(shown).position(offset));
            applying = false;
        });
    }

    /** Paints the text anew, in the colours of now. */
    public void repaint() {
        decorate();
    }

    /** Puts the caret at a place of the text and gives it the keyboard. */
    public void goTo(int offset) {
        area.requestFocus();
        area.select(new Offsets(shown).position(offset));
    }

    /** What stands in the editor. */
    public String text() {
        return area.getText();
    }

    /** The editor itself, for keys. */
    public CodeArea area() {
        return area;
    }

    /** The lines of the text with what is underlined in them. */
    List<Underlines.Span> underlined() {
        return Underlines.of(session).spans();
    }
}
