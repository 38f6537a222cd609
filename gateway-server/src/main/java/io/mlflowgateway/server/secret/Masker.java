package io.mlflowgateway.server.secret;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes credentials out of a text that is about to be shown: the values it was made with, and what looks like a
 * credential of a known provider. Immutable and thread-safe.
 */
public final class Masker {
    /** Characters of text that come out at most, the mark of the cut left aside. */
    public static final int MAX_LENGTH = 16 * 1024;

    /** What stands in a secret's place. */
    public static final String MASK = "***";

    /** Shorter values are not looked for: "none" or "test" is no secret, and would blacken half a text. */
    static final int MIN_LENGTH = 6;

    private static final int FIRSTS = 256;
    private static final String CUT = "... (cut)";

    private final Map<Long, List<String>> byStart = new HashMap<>();
    /** The first characters of them all, for a quick no; of those from 256 on, the rest of the division by it. */
    private final boolean[] firsts = new boolean[FIRSTS];

    /** @param known values to mask wherever they appear; those under {@value #MIN_LENGTH} characters are left out */
    public Masker(Collection<Secret> known) {
        known.stream()
                .map(Secret::reveal)
                .filter(value -> value.length() >= MIN_LENGTH)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .forEach(this::add);
    }

    private void add(String value) {
        firsts[value.charAt(0) % FIRSTS] = true;
        byStart.computeIfAbsent(start(value, 0), start -> new ArrayList<>()).add(value);
    }

    /**
     * The text without credentials, cut at {@value #MAX_LENGTH} characters.
     *
     * @return the same object when there is nothing to mask or cut
     */
    public String mask(String text) {
        int end = Math.min(text.length(), MAX_LENGTH);
        String masked = KeyPatterns.mask(maskKnown(text, end));
        return end < text.length() ? masked + CUT : masked;
    }

    /**
     * The same, cut at fewer characters. Masked before it is cut: half a credential at the end would not be known any more.
     *
     * @param most characters, the dots of the cut left aside
     */
    public String mask(String text, int most) {
        String masked = mask(text);
        return masked.length() > most ? masked.substring(0, most) + "..." : masked;
    }

    /** Whether all of it is lower-case hexadecimal digits and dashes: then it only hides what the mask was made with. */
    public static boolean isHexadecimal(String text) {
        return KeyPatterns.isHexadecimal(text);
    }

    /** The text up to {@code end}; what begins before it is masked whole, so the cut leaves no half a secret. */
    private String maskKnown(String text, int end) {
        for (int at = 0; at < end; at++) {
            if (knownAt(text, at) > 0) {
                return maskedFrom(at, text, end);
            }
        }
        return text.substring(0, end);
    }

    private String maskedFrom(int first, String text, int end) {
        StringBuilder masked = new StringBuilder().append(text, 0, first);
        int at = first;
        while (at < end) {
            int length = knownAt(text, at);
            if (length > 0) {
                masked.append(MASK);
            } else {
                masked.append(text.charAt(at));
            }
            at += Math.max(1, length);
        }
        return masked.toString();
    }

    /** The length of the longest known value that begins here; 0 for none. */
    private int knownAt(String text, int at) {
        if (!firsts[text.charAt(at) % FIRSTS] || at + MIN_LENGTH > text.length()) {
            return 0;
        }
        for (String value : byStart.getOrDefault(start(text, at), List.of())) {
            if (text.startsWith(value, at)) {
                return value.length();
            }
        }
        return 0;
    }

    /** The next four characters as one number. */
    private static long start(String text, int at) {
        return ((long) text.charAt(at) << 48)
                | ((long) text.charAt(at + 1) << 32)
                | ((long) text.charAt(at + 2) << 16)
                | text.charAt(at + 3);
    }
}
