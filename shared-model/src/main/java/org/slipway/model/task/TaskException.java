package org.slipway.model.task;

import java.util.Locale;
import java.util.Map;
import org.slipway.model.text.Sentences;

/** A call of the task interface failed; {@link #error()} tells which way, and the message is containerd's text for it. */
public final class TaskException extends Exception {

    private final TaskError error;

    public TaskException(TaskError error) {
        // callers compare the text, so it is in English whatever the desktop speaks
        super(Sentences.of(Locale.ROOT).problem(error.code(), Map.of()));
        this.error = error;
    }

    /** Which of the errors it is. */
    public TaskError error() {
        return error;
    }
}
