package org.slipway.workbench.seccomp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import org.slipway.workbench.bundle.Template;
import org.slipway.workbench.text.Texts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A filter to begin with, or to compare with. */
public enum Preset {
    /** No filter at all. */
    NONE,
    /** Everything but the calls that administer the machine or reach below the container. */
    GUARDED,
    /** Only what small programs need; the filter of the hardened template. */
    SMALL,
    /** Everything is allowed and written to the kernel's log, to see what a program needs. */
    LOGGED;

    /** What it is called. */
    public String title() {
        return Texts.of("seccomp.preset." + name().toLowerCase(Locale.ROOT));
    }

    /** The filter, empty for none. */
    JsonNode filter() {
        JsonMapper json = new JsonMapper();
        try (InputStream in = Objects.requireNonNull(Preset.class.getResourceAsStream("presets.json"))) {
            return this == SMALL
                    ? json.readTree(Template.HARDENED.config(0, 0)).at(Filter.POINTER)
                    : json.readTree(in).path(name().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
