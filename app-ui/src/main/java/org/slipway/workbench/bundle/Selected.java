package org.slipway.workbench.bundle;

/**
 * The one thing that is selected, everywhere in the window.
 *
 * @param pointer the JSON pointer of the selected member, empty for the whole document
 * @param where the pane in which it was selected, which has no need to move
 * @param jump whether the person asked to go there, so that the field takes the keyboard
 */
public record Selected(String pointer, Where where, boolean jump) {

    /** The panes in which something can be selected. */
    public enum Where {
        FORM,
        SOURCE,
        PLAN,
        PROBLEMS,
        TRACE,
        LIFECYCLE,
        PALETTE,
        PORTABILITY
    }

    /** Whether a member is the selected one, holds it or lies in it. */
    public boolean touches(String member) {
        return !pointer.isEmpty() && (within(pointer, member) || within(member, pointer));
    }

    /** Whether a pointer is another or lies below it. */
    public static boolean within(String pointer, String above) {
        return pointer.equals(above) || pointer.startsWith(above + "/");
    }
}
