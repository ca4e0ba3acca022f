package org.slipway.workbench.shell;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.slipway.workbench.bundle.Outside;
import org.slipway.workbench.bundle.Session;
import org.slipway.workbench.bundle.SideFiles;
import org.slipway.workbench.text.Texts;

/** What happened to the file behind the person's back, and what may be done about it. It stays until it is answered. */
final class NoticeBar extends VBox {

    /** What is done by the window itself. */
    interface Deeds {

        /** Compares the text as it is now with another. */
        void compare(Session session, String name, String text);
    }

    private final Session session;
    private final Deeds deeds;

    NoticeBar(Session session, Deeds deeds) {
        this.session = session;
        this.deeds = deeds;
        setId("notices");
        getStyleClass().add("notices");
        session.outside().news().subscribe(this::fill);
        session.autosave().left().subscribe(this::fill);
        session.autosave().others().subscribe(this::fill);
        fill();
    }

    private void fill() {
        getChildren().clear();
        session.autosave().left().get().ifPresent(left -> getChildren().add(recovery(left)));
        if (!session.autosave().others().get().isEmpty()) {
            String pids = session.autosave().others().get().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "));
            getChildren()
                    .add(notice(
                            "others",
                            Texts.of("notice.others", pids),
                            button("others-dismiss", session.autosave()::dismissOthers)));
        }
        session.outside().news().get().ifPresent(news -> getChildren().add(outside(news)));
    }

    private Node recovery(SideFiles.Left left) {
        String at = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM)
                .withZone(ZoneId.systemDefault())
                .format(left.at());
        return notice(
                "recovery",
                Texts.of("notice.recovery", at),
                button("recovery-take", session.autosave()::take),
                button("recovery-compare", () -> deeds.compare(session, Texts.of("compare.left", at), left.text())),
                button("recovery-drop", session.autosave()::drop));
    }

    private Node outside(Outside.News news) {
        Outside outside = session.outside();
        return switch (news) {
            case Outside.Taken _ ->
                notice(
                        "outside",
                        Texts.of("notice.taken"),
                        button("outside-undo", () -> {
                            session.undo();
                            outside.dismiss();
                        }),
                        button("outside-dismiss", outside::dismiss));
            case Outside.Changed(String text) ->
                notice(
                        "outside",
                        Texts.of("notice.changed"),
                        button("outside-keep", outside::keepMine),
                        button("outside-take", outside::takeTheirs),
                        button("outside-compare", () -> deeds.compare(session, Texts.of("compare.disk"), text)));
            case Outside.Lost(String why) ->
                notice("outside", Texts.of("notice.lost", why), button("outside-dismiss", outside::dismiss));
        };
    }

    private static HBox notice(String id, String text, Button... answers) {
        Label label = new Label("⚠ " + text);
        label.setId("notice-" + id);
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(label, Priority.ALWAYS);
        HBox row = new HBox(label);
        row.getChildren().addAll(answers);
        row.getStyleClass().addAll("banner", "notice");
        return row;
    }

    private static Button button(String key, Runnable action) {
        Button button = new Button(Texts.of("notice." + key));
        button.setId(key);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(_ -> action.run());
        return button;
    }
}
