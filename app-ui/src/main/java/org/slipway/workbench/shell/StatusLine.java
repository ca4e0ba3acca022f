package org.slipway.workbench.shell;

import java.util.Arrays;
import java.util.stream.Collectors;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import org.controlsfx.control.StatusBar;
import org.slipway.model.finding.Severity;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.problems.ProblemsModel;
import org.slipway.workbench.text.FindingText;
import org.slipway.workbench.text.Texts;

/** The line at the bottom: problems, the helper and what it takes us for, the bundle in front and whether it is saved. */
final class StatusLine extends StatusBar {

    StatusLine(Desk desk, Runnable showProblems) {
        setId("helper");
        Button count = new Button();
        count.setId("problem-count");
        count.getStyleClass().addAll("flat", "small", "problem-count");
        count.setOnAction(_ -> showProblems.run());
        desk.front().flatMap(bench -> bench.problems().entries()).subscribe(entries -> {
            ProblemsModel problems = desk.front().get().problems();
            count.setText(entries.isEmpty() ? Texts.of("status.no-problems") : counts(problems));
            count.getStyleClass().removeAll("error", "warning");
            if (problems.count(Severity.ERROR) > 0) {
                count.getStyleClass().add("error");
            } else if (problems.count(Severity.WARNING) > 0) {
                count.getStyleClass().add("warning");
            }
        });
        Label tier = new Label();
        tier.setId("tier");
        tier.setMinWidth(Region.USE_PREF_SIZE);
        Tooltip whole = new Tooltip();
        whole.textProperty().bind(textProperty());
        setTooltip(whole);
        desk.helper().info().subscribe(() -> look(desk.helper(), tier));
        desk.helper().absence().subscribe(() -> look(desk.helper(), tier));
        look(desk.helper(), tier);
        Label saved = new Label();
        saved.setId("saved");
        saved.setMinWidth(Region.USE_PREF_SIZE);
        saved.getStyleClass().add("field-help");
        saved.textProperty()
                .bind(desk.front()
                        .flatMap(bench -> bench.session()
                                .bundle()
                                .flatMap(folder -> bench.session()
                                        .dirty()
                                        .map(dirty -> folder.isEmpty()
                                                ? ""
                                                : Texts.of(dirty ? "status.unsaved" : "status.saved")))));
        getLeftItems().setAll(count, tier);
        getRightItems().setAll(saved);
    }

    private void look(HelperSession helper, Label tier) {
        boolean there = helper.info().get().isPresent();
        tier.setText(helper.info()
                .get()
                .map(info -> "● " + Texts.of("status.tier." + info.tier()))
                .orElse("○ " + Texts.of("status.author-only")));
        tier.getStyleClass().setAll("label", "tier", there ? "connected" : "alone");
        setText(helper.info()
                .get()
                .map(info -> Texts.of(
                        "status.helper",
                        info.version(),
                        info.pid(),
                        info.facts().path("kernel").asString("")))
                .orElse(Texts.of("status.start-helper")));
    }

    /** Each severity that there is, with its mark: {@code ✗ 1   ⚠ 2}. */
    private static String counts(ProblemsModel problems) {
        return Arrays.stream(Severity.values())
                .filter(severity -> problems.count(severity) > 0)
                .map(severity -> FindingText.mark(severity) + " " + problems.count(severity))
                .collect(Collectors.joining("   "));
    }
}
