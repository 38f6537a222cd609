package io.mlflowgateway.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How what was found is shown in a message: short, on one line; and which of the allowed names was perhaps meant. */
final class Shown {
    private static final int MAX_LENGTH = 64;

    /** Among more names each mistake would cost too much: thousands of routes can be wrong in thousands of places. */
    private static final int MOST_NAMES = 200;

    private Shown() {}

    /** The text in single quotes, cut at {@value #MAX_LENGTH} characters, control characters replaced. */
    static String value(String text) {
        String cut = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
        return "'" + cut.replaceAll("\\p{C}", "?") + "'";
    }

    /** {@code ; did you mean 'x'?} for the nearest of the names, or nothing when none is near. */
    static String didYouMean(String found, Collection<String> names) {
        return nearest(found, names)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    /** {@code 'a', 'b', 'c'}, in the order given. */
    static String list(Collection<String> names) {
        List<String> quoted = new ArrayList<>();
        names.forEach(name -> quoted.add("'" + name + "'"));
        return String.join(", ", quoted);
    }

    private static Optional<String> nearest(String found, Collection<String> names) {
        if (found.isEmpty() || found.length() > MAX_LENGTH || names.size() > MOST_NAMES) {
            return Optional.empty();
        }
        String wanted = plain(found);
        int tolerance = Math.max(1, wanted.length() / 3);
        return names.stream()
                .filter(name -> Math.abs(name.length() - wanted.length()) <= tolerance)
                .filter(name -> distance(wanted, plain(name)) <= tolerance)
                .min(Comparator.comparingInt(name -> distance(wanted, plain(name))));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(int[][] cost, String from, String to, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
