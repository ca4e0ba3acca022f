package org.slipway.workbench.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.slipway.model.spec.DefaultSpec;
import org.slipway.workbench.text.Texts;

/** What a new bundle begins with; each runs at once on the root filesystem that comes with it, and has no findings. */
public enum Template {
    /** What the window shows first: hooks that print, a program that prints now and then, limits. */
    HOOKS,
    /** A shell on a terminal. */
    SHELL,
    /** The fewest members with which something runs. */
    MINIMAL,
    /** No capability, no way to gain one, nothing to write to, a filter of calls, low limits. */
    HARDENED,
    /** In a user namespace in which the person is root. */
    ROOTLESS,
    /** As a machine that boots: an init, its own view of the control groups, a stop signal for it. */
    SYSTEMD;

    /** Its stable name, also that of its words. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it is called. */
    public String title() {
        return Texts.of("template." + key());
    }

    /** What it is for, in a sentence or two. */
    public String about() {
        return Texts.of("template." + key() + ".about");
    }

    /**
     * Its config.json.
     *
     * @param uid whose bundle it will be
     * @param gid their group
     */
    public String config(int uid, int gid) throws IOException {
        if (this == ROOTLESS) {
            return DefaultSpec.rootless(uid, gid);
        }
        String name = "template-" + key() + ".json";
        try (InputStream in = Objects.requireNonNull(Template.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
