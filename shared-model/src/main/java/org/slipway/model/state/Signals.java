package org.slipway.model.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Signals by name and number, as signal(7) lists them for Linux on amd64 and arm64. */
public final class Signals {

    /** The last signal there is (SIGRTMAX). */
    public static final int LAST = 64;

    /** SIGRTMIN as glibc gives it to programs; the two before it are its own. */
    private static final int REAL_TIME = 34;

    private static final List<String> NAMES = List.of(
            "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
                    .split(" "));

    private static final Map<String, Integer> NUMBERS = numbers();

    private Signals() {}

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String name : NAMES) {
            numbers.put(name, numbers.size() + 1);
        }
        numbers.put("IOT", 6);
        numbers.put("CLD", 17);
        numbers.put("POLL", 29);
        for (int i = 0; REAL_TIME + i <= LAST; i++) {
            numbers.put(i == 0 ? "RTMIN" : "RTMIN+" + i, REAL_TIME + i);
            numbers.put(i == 0 ? "RTMAX" : "RTMAX-" + i, LAST - i);
        }
        return Map.copyOf(numbers);
    }

    /** The number of {@code TERM}, {@code SIGTERM}, {@code rtmin+3} or {@code 15}; empty when it is none. */
    public static OptionalInt parse(String text) {
        if (text.matches("[0-9]{1,2}")) {
            int number = Integer.parseInt(text);
            return number >= 1 && number <= LAST ? OptionalInt.of(number) : OptionalInt.empty();
        }
        String name = text.toUpperCase(Locale.ROOT);
        Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** What kill can be asked for: the same, and 0, which as with kill(2) sends nothing and fails if there is nobody to send to. */
    public static OptionalInt parseOrNone(String text) {
        return text.equals("0") ? OptionalInt.of(0) : parse(text);
    }

    /** The names of the signals that have one, without SIG, in the order of their numbers from 1. */
    public static List<String> names() {
        return NAMES;
    }
}
