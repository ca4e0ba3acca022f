package org.slipway.workbench.shell;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import org.jspecify.annotations.Nullable;

/** The panes of the window in the order in which one key goes round them. */
record Panes(List<Node> panes) {

    Panes {
        panes = List.copyOf(panes);
    }

    /** Gives the keyboard to the next pane ({@code 1}) or the one before ({@code -1}) that takes it. */
    void go(@Nullable Node focused, int by) {
        int at = holder(focused);
        int start = at < 0 && by < 0 ? 0 : at;
        for (int i = 1; i <= panes.size(); i++) {
            if (focus(panes.get(Math.floorMod(start + i * by, panes.size())))) {
                return;
            }
        }
    }

    private int holder(@Nullable Node focused) {
        for (@Nullable Node node = focused; node != null; node = node.getParent()) {
            int at = panes.indexOf(node);
            if (at >= 0) {
                return at;
            }
        }
        return -1;
    }

    private static boolean focus(Node node) {
        if (!node.isVisible() || node.isDisabled()) {
            return false;
        }
        if (node.isFocusTraversable()) {
            node.requestFocus();
            return true;
        }
        return node instanceof Parent parent
                && parent.getChildrenUnmodifiable().stream().anyMatch(Panes::focus);
    }
}
