package org.slipway.workbench.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and times as people write them, and exactly. */
public final class Quantity {

    private static final Pattern SIZE =
            Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\s*([kmgt]i?)?b?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "kmgt";

    private Quantity() {}

    /** Bytes with the largest binary unit that divides them: {@code 67108864} is {@code 64 MiB}, {@code 1000} stays. */
    public static String size(long bytes) {
        for (int power = UNITS.length(); power > 0; power--) {
            long unit = 1L << (10 * power);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + " " + Character.toUpperCase(UNITS.charAt(power - 1)) + "iB";
            }
        }
        return Long.toString(bytes);
    }

    /** The bytes meant by a text such as {@code 64 MiB}, {@code 64m}, {@code 1.5 GB} or {@code 4096}; empty if it means none. */
    public static OptionalLong parseSize(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long unit = 1;
        if (matcher.group(2) != null) {
            String word = matcher.group(2).toLowerCase(Locale.ROOT);
            int power = UNITS.indexOf(word.charAt(0)) + 1;
            // "64m" is what people type for MiB; only a written "MB" means the decimal unit
            boolean decimal =
                    word.length() == 1 && text.strip().toLowerCase(Locale.ROOT).endsWith("b");
            unit = decimal ? (long) Math.pow(1000, power) : 1L << (10 * power);
        }
        try {
            return OptionalLong.of(new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact());
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    /** Nanoseconds with three figures in µs, ms or s. */
    public static String time(long nanos) {
        if (nanos < 1_000_000) {
            return figures(nanos, 1_000) + " µs";
        }
        return nanos < 1_000_000_000 ? figures(nanos, 1_000_000) + " ms" : figures(nanos, 1_000_000_000) + " s";
    }

    private static String figures(long nanos, long unit) {
        int whole = Long.toString(nanos / unit).length();
        return BigDecimal.valueOf(nanos)
                .divide(BigDecimal.valueOf(unit), Math.max(0, 3 - whole), RoundingMode.HALF_UP)
                .toPlainString();
    }
}
