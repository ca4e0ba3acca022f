package org.slipway.workbench.source;

import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
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
    private final CompletionPopup completion;
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
        setTop(new VBox(header(), new Crumbs(session)));
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
        completion = new CompletionPopup(area, this::take);
        area.addEventFilter(KeyEvent.KEY_PRESSED, this::asked);
        area.addEventFilter(KeyEvent.KEY_TYPED, this::keyTyped);
    }

    private void asked(KeyEvent event) {
        if (event.getCode() == KeyCode.SPACE && event.isShortcutDown()) {
            complete(false);
            event.consume();
        } else if (event.getCode() == KeyCode.BACK_SPACE && completion.isShowing()) {
            Platform.runLater(() -> complete(true));
        }
    }

    /** While a name or word is typed in quotation marks, what it may be shows by itself. */
    private void keyTyped(KeyEvent event) {
        boolean types = !event.getCharacter().isEmpty()
                && event.getCharacter().charAt(0) > ' '
                && !event.isShortcutDown()
                && !event.isAltDown();
        if (types) {
            Platform.runLater(() -> complete(true));
        }
    }

    /** Offers what may stand at the caret. */
    private void complete(boolean unasked) {
        TextPos caret = area.getCaretPosition();
        Optional<Spot> spot = caret == null ? Optional.empty() : Spot.at(shown, new Offsets(shown).offset(caret));
        List<Completion.Candidate> candidates = spot.filter(place -> !unasked || place.quoted())
                .filter(place -> !unasked || new Offsets(shown).offset(caret) < place.to() || !closed(place))
                .map(Completion::of)
                .orElse(List.of());
        boolean said = unasked
                && candidates.size() == 1
                && spot.filter(place ->
                                place.typed().equals(candidates.getFirst().text()))
                        .isPresent();
        completion.show(said ? List.of() : candidates);
    }

    private boolean closed(Spot spot) {
        return spot.to() - spot.from() > 1 && shown.charAt(spot.to() - 1) == '"';
    }

    /** Puts what was chosen in place, as typing would. */
    private void take(Completion.Candidate candidate) {
        Offsets offsets = new Offsets(shown);
        TextPos caret = area.getCaretPosition();
        if (caret == null) {
            return;
        }
        Spot.at(shown, offsets.offset(caret)).ifPresent(spot -> {
            model.replace(null, offsets.position(spot.from()), offsets.position(spot.to()), candidate.insert());
            area.select(new Offsets(shown).position(spot.from() + candidate.caret()));
        });
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
