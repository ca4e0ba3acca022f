package org.slipway.model.state;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A container's name, unique among those of one owner (OPS-CREATE-04).
 *
 * @param value 1 to 1024 characters of {@code A-Za-z0-9_+-.}, neither {@code .} nor {@code ..}
 */
public record ContainerId(String value) {

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

    @Override
    public String toString() {
        return value;
    }
}
