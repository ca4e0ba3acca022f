package org.slipway.model.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A container's name, unique among those of one owner (OPS-CREATE-04).
 *
 * @param value 1 to 1024 characters of {@code A-Za-z0-9_+-.}, neither {@code .} nor {@code ..}
 */
public record ContainerId(String value) {

    /** NAME_MAX of Linux, in bytes. */
    private static final int LONGEST_NAME = 255;

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_+.-]{1,1024}");

    public ContainerId {
        if (!LEGAL.matcher(value).matches() || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("not a container id");
        }
    }

    /** The id, or empty when the text is none. */
    public static Optional<ContainerId> parse(String text) {
        return LEGAL.matcher(text).matches() && !text.equals(".") && !text.equals("..")
                ? Optional.of(new ContainerId(text))
                : Optional.empty();
    }

    /**
     * Its name as that of a directory: the id itself, or, where that is longer than a file's name may be, a digest of it, which
     * begins with a character that no id has.
     */
    public String fileName() {
        if (value.length() <= LONGEST_NAME) {
            return value;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
            return "~" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
