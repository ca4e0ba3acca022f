package org.slipway.workbench.shell;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;

/**
 * Light, dark and high contrast: the theme's style sheet, followed by the colours that other control libraries look up in
 * JavaFX's own. The size of type scales every length of it, so that a window on a projector is the same window, larger.
 */
public enum Theme {
    LIGHT(PrimerLight.class, new PrimerLight().getUserAgentStylesheet(), ""),
    DARK(PrimerDark.class, new PrimerDark().getUserAgentStylesheet(), ""),
    CONTRAST(PrimerDark.class, new PrimerDark().getUserAgentStylesheet(), "contrast.css");

    private static final Pattern LENGTH = Pattern.compile("(?<![\\w.#-])(\\d+(?:\\.\\d+)?)px");

    private final Class<?> owner;
    private final String resource;
    private final String more;

    Theme(Class<?> owner, String resource, String more) {
        this.owner = owner;
        this.resource = resource;
        this.more = more;
    }

    /** The theme that was chosen last, or else the one that suits the desktop. */
    static Theme of(String name) {
        Optional<Theme> chosen = Arrays.stream(values())
                .filter(theme -> theme.key().equals(name))
                .findFirst();
        return chosen.orElseGet(() -> Platform.getPreferences().getColorScheme() == ColorScheme.DARK ? DARK : LIGHT);
    }

    /** Its stable name, also that of its words {@code menu.theme-<key>}. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Makes it the look of every window, popups included. */
    public void use(int percent) {
        String css = read(owner, resource) + read(Theme.class, "compat.css");
        Application.setUserAgentStylesheet(uri(scaled(more.isEmpty() ? css : css + read(Theme.class, more), percent)));
    }

    /** The window's own style sheet in that size, as an address. */
    static String sheet(int percent) {
        return uri(scaled(read(Theme.class, "workbench.css"), percent));
    }

    private static String uri(String css) {
        return "data:text/css;base64," + Base64.getEncoder().encodeToString(css.getBytes(StandardCharsets.UTF_8));
    }

    /** The same sheet with every length in pixels larger or smaller. */
    static String scaled(String css, int percent) {
        if (percent == 100) {
            return css;
        }
        return LENGTH.matcher(css).replaceAll(match -> {
            double length = Double.parseDouble(match.group(1));
            // a hair line stays one: it would be blurred otherwise
            double now = length <= 1 ? length : Math.round(length * percent / 10) / 10.0;
            return Matcher.quoteReplacement(now + "px");
        });
    }

    private static String read(Class<?> owner, String resource) {
        try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
