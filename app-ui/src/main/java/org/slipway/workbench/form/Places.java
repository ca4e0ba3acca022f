package org.slipway.workbench.form;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.Parent;
import org.slipway.workbench.bundle.Selected;

/** Where the members of the configuration stand in the form. */
final class Places {

    static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");
    static final PseudoClass ERROR = PseudoClass.getPseudoClass("error");
    static final PseudoClass ABSENT = PseudoClass.getPseudoClass("absent");
    static final PseudoClass WARNING = PseudoClass.getPseudoClass("warning");

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private String selected = "";

    /** Says that a member is shown by a node; a node that was there before for the member is forgotten. */
    void put(String pointer, Node node) {
        nodes.put(pointer, node);
        node.pseudoClassStateChanged(SELECTED, isMarked(pointer));
    }

    void remove(String pointer) {
        nodes.keySet().removeIf(member -> Selected.within(member, pointer));
    }

    /** Marks the node of the selected member. */
    void mark(String pointer) {
        selected = pointer;
        nodes.forEach((member, node) -> node.pseudoClassStateChanged(SELECTED, isMarked(member)));
    }

    private boolean isMarked(String member) {
        return !selected.isEmpty()
                && nearestPointer(selected).filter(member::equals).isPresent();
    }

    /** The node of a member, of the nearest one above it, or of the first one below it. */
    Optional<Node> nearest(String pointer) {
        return nearestPointer(pointer).map(nodes::get);
    }

    private Optional<String> nearestPointer(String pointer) {
        String at = pointer;
        while (!at.isEmpty()) {
            if (nodes.containsKey(at)) {
                return Optional.of(at);
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return pointer.isEmpty()
                ? Optional.empty()
                : nodes.keySet().stream()
                        .filter(member -> Selected.within(member, pointer))
                        .findFirst();
    }

    /** Gives the keyboard to the first control in a node that takes it. */
    boolean focus(Node node) {
        if (node.isFocusTraversable() && !node.isDisabled()) {
            node.requestFocus();
            return true;
        }
        return node instanceof Parent parent
                && parent.getChildrenUnmodifiable().stream().anyMatch(this::focus);
    }
}
