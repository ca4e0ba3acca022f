package org.slipway.model.profile;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the specification, as {@code ociVersion} names it (config.md, Specification version).
 *
 * @param major at most 999: greater numbers count as that
 * @param minor likewise
 * @param preRelease what follows the hyphen, such as {@code rc.1}
 */
record SpecVersion(int major, int minor, Optional<String> preRelease) {

    /** The newest release whose rules are known. */
    static final SpecVersion NEWEST = new SpecVersion(1, 3, Optional.empty());

    private static final int LONGEST = 256;
    private static final int MOST = 999;

    /** The grammar of semver.org 2.0.0. */
    private static final Pattern SEMVER = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
            + "(\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?");

    /** Reads a version; empty if the text is none by semver.org 2.0.0. */
    static Optional<SpecVersion> parse(String text) {
        Matcher parts = SEMVER.matcher(text);
        return text.length() <= LONGEST && parts.matches()
                ? Optional.of(new SpecVersion(
                        number(parts.group(1)), number(parts.group(2)), Optional.ofNullable(parts.group(4))))
                : Optional.empty();
    }

    private static int number(String digits) {
        return digits.length() > 3 ? MOST : Integer.parseInt(digits);
    }
}
