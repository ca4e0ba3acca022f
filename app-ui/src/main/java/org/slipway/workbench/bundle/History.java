package org.slipway.workbench.bundle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slipway.model.json.TextChange;

/** What was edited, newest first, and what was undone. Every edit of form and source is one list, so undo takes back either. */
final class History {

    private static final int KEPT = 1000;

    /**
     * A change that can be done and undone.
     *
     * @param subject what was edited: changes of the same subject that follow each other directly are undone together
     * @param open whether a following change may still join it
     */
    record Edit(String before, TextChange change, String subject, boolean open) {}

    private final Deque<Edit> done = new ArrayDeque<>();
    private final Deque<Edit> undone = new ArrayDeque<>();

    /** Adds a change made to a text; a subject that is empty never joins another. */
    void add(String before, TextChange change, String subject) {
        undone.clear();
        Edit last = done.peek();
        if (last != null && last.open() && !subject.isEmpty() && last.subject().equals(subject)) {
            done.pop();
            String after = change.apply(before);
            done.push(new Edit(last.before(), TextChange.between(last.before(), after), subject, true));
            return;
        }
        done.push(new Edit(before, change, subject, true));
        while (done.size() > KEPT) {
            done.removeLast();
        }
    }

    /** The newest edit, which is undone from now on. */
    Optional<Edit> undo() {
        Optional<Edit> edit = Optional.ofNullable(done.poll());
        edit.ifPresent(undone::push);
        close();
        return edit;
    }

    /** The edit that was undone last, which is done again from now on. */
    Optional<Edit> redo() {
        Optional<Edit> edit = Optional.ofNullable(undone.poll());
        edit.ifPresent(done::push);
        close();
        return edit;
    }

    /** No later change joins the newest one: the person went elsewhere, or saved. */
    void close() {
        Edit last = done.poll();
        if (last != null) {
            done.push(new Edit(last.before(), last.change(), last.subject(), false));
        }
    }

    void clear() {
        done.clear();
        undone.clear();
    }

    boolean canUndo() {
        return !done.isEmpty();
    }

    boolean canRedo() {
        return !undone.isEmpty();
    }
}
