package org.slipway.workbench.text;

import java.util.ResourceBundle;

/** The window's words, out of {@code workbench.properties}. */
public final class Texts {

    private static final ResourceBundle WORDS = ResourceBundle.getBundle("org.slipway.workbench.workbench");

    private Texts() {}

    /**
     * The text of a key; {@code {0}}, {@code {1}} … are replaced by the arguments as they stand.
     *
     * @throws java.util.MissingResourceException for a key that does not exist
     */
    public static String of(String key, Object... arguments) {
        String text = WORDS.getString(key);
        for (int i = 0; i < arguments.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(arguments[i]));
        }
        return text;
    }

    /** Whether there is a text for a key. */
    public static boolean has(String key) {
        return WORDS.containsKey(key);
    }
}
