package org.slipway.workbench.tour;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.text.Text;
import jfx.incubator.scene.control.richtext.CodeArea;

/**
 * A control whose text can be seen in the window.
 *
 * @param kind its class, such as {@code Button}
 * @param id its id, or empty
 * @param disabled whether it can't be used now
 */
public record Seen(String kind, String id, String text, boolean disabled) {

    /** Every control of a scene that is in sight with its text, from the top of the scene graph to its leaves. */
    public static List<Seen> in(Scene scene) {
        List<Seen> seen = new ArrayList<>();
        look(scene.getRoot(), new BoundingBox(0, 0, scene.getWidth(), scene.getHeight()), seen);
        return seen;
    }

    private static void look(Node node, Bounds window, List<Seen> seen) {
        if (!node.isVisible() || node.getOpacity() == 0) {
            return;
        }
        Bounds place = node.localToScene(node.getLayoutBounds());
        Bounds sight = window;
        if (node.getClip() != null) {
            sight = common(window, node.localToScene(node.getClip().getBoundsInParent()));
        }
        // a plain group has no extent of its own before its children are looked at
        if (common(place, sight).isEmpty() && !(node instanceof Parent)) {
            return;
        }
        boolean inSight = !common(place, sight).isEmpty();
        if (node instanceof CodeArea area) {
            add(node, inSight, area.getText(), seen);
            return;
        }
        if (node instanceof TextInputControl input) {
            add(node, inSight, input.getText(), seen);
            return;
        }
        if (node instanceof Labeled labeled) {
            add(node, inSight, labeled.getText(), seen);
        }
        if (node instanceof Parent parent) {
            for (Node child : parent.getChildrenUnmodifiable()) {
                if (!isTold(node, child)) {
                    look(child, sight, seen);
                }
            }
        }
    }

    /** A control tells the text that its own parts show. */
    private static boolean isTold(Node node, Node part) {
        return node instanceof Labeled whole
                && (part instanceof Text
                        || (part instanceof Labeled label && Objects.equals(label.getText(), whole.getText())));
    }

    private static void add(Node node, boolean inSight, String text, List<Seen> seen) {
        if (inSight && text != null && !text.isBlank()) {
            String kind = node.getClass().getSimpleName();
            String named = kind.isEmpty() ? node.getClass().getSuperclass().getSimpleName() : kind;
            String id = node.getId() == null ? "" : node.getId();
            seen.add(new Seen(named.toLowerCase(Locale.ROOT), id, text, node.isDisabled()));
        }
    }

    private static Bounds common(Bounds one, Bounds other) {
        double x = Math.max(one.getMinX(), other.getMinX());
        double y = Math.max(one.getMinY(), other.getMinY());
        double width = Math.min(one.getMaxX(), other.getMaxX()) - x;
        double height = Math.min(one.getMaxY(), other.getMaxY()) - y;
        return new BoundingBox(x, y, width, height);
    }
}
