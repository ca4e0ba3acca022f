package org.slipway.helper.command;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.lifecycle.Failure;

/**
 * A regular expression over ids that anybody may hand to the helper. It is matched without going back (RE2), so that its time grows
 * with the id and not beyond all bounds; and one that would become too large a program is refused, because counts inside one another
 * multiply.
 */
final class IdExpression {

    /** Most characters of an expression. */
    static final int LONGEST = 1024;

    /** About so many instructions may it have. */
    private static final long HEAVIEST = 50_000;

    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

    private final Pattern pattern;

    private IdExpression(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Reads an expression, or says what is wrong with it. */
    static IdExpression of(String text) throws Failure {
        if (text.length() > LONGEST || weight(text) > HEAVIEST) {
            throw Failure.caller("regex-too-large", Map.of("most", "" + LONGEST));
        }
        try {
            return new IdExpression(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw Failure.caller("regex-malformed", Map.of("regex", text, "why", e.getDescription()));
        }
    }

    /** An upper bound, whatever is quoted: without a group no count is inside another. */
    private static long weight(String text) {
        boolean nests = text.indexOf('(') >= 0;
        long weight = text.length();
        Matcher counts = COUNT.matcher(text);
        while (counts.find()) {
            long count = Math.max(1, Math.max(number(counts.group(1)), number(counts.group(2))));
            weight = nests ? weight * count : weight + count;
            if (weight > HEAVIEST) {
                break;
            }
        }
        return weight;
    }

    private static long number(@Nullable String digits) {
        return digits == null || digits.isEmpty() ? 0 : digits.length() > 9 ? HEAVIEST : Long.parseLong(digits);
    }

    /** Whether it matches an id, wholly or in part. */
    boolean matches(String id) {
        return pattern.matcher(id).find();
    }
}
