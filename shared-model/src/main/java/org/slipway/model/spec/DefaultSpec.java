package org.slipway.model.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The configuration that {@code slipway spec} writes, as text. */
public final class DefaultSpec {

    private static final String ROOTLESS_UID = "\"hostID\": 0";

    private DefaultSpec() {}

    /** For a container made by root. */
    public static String text() {
        return resource("default.json");
    }

    /**
     * For a container made by a person without rights: with a user namespace in which this person is root.
     *
     * @param uid the person's user id, unsigned
     */
    public static String rootless(int uid, int gid) {
        String text = resource("default-rootless.json");
        int groups = text.indexOf("\"gidMappings\"");
        return text.substring(0, groups).replace(ROOTLESS_UID, "\"hostID\": " + Integer.toUnsignedString(uid))
                + text.substring(groups).replace(ROOTLESS_UID, "\"hostID\": " + Integer.toUnsignedString(gid));
    }

    private static String resource(String name) {
        try (InputStream in = DefaultSpec.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
