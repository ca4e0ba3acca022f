package org.slipway.workbench.shell;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import javafx.application.Application;

/** Light and dark: the theme's style sheet, followed by the colours that other control libraries look up in JavaFX's own. */
public enum Theme {
    LIGHT(PrimerLight.class, new PrimerLight().getUserAgentStylesheet()),
    DARK(PrimerDark.class, new PrimerDark().getUserAgentStylesheet());

    private final Class<?> owner;
    private final String resource;

    Theme(Class<?> owner, String resource) {
        this.owner = owner;
        this.resource = resource;
    }

    /** Makes it the look of every window. */
    public void use() {
        String css = read(owner, resource) + read(Theme.class, "compat.css");
        String encoded = Base64.getEncoder().encodeToString(css.getBytes(StandardCharsets.UTF_8));
        Application.setUserAgentStylesheet("data:text/css;base64," + encoded);
    }

    /** The other one. */
    public Theme other() {
        return this == LIGHT ? DARK : LIGHT;
    }

    private static String read(Class<?> owner, String resource) {
        try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
