package org.slipway.workbench.text;

import java.util.Locale;
import org.slipway.model.text.Sentences;

/** The sentences that window and command line share. */
public final class Said {

    /** In the language of the person. */
    public static final Sentences SENTENCES = Sentences.of(Locale.getDefault());

    private Said() {}
}
