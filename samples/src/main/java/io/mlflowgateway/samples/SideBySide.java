package io.mlflowgateway.samples;

import io.mlflowgateway.samples.RouteSwap.Said;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints answers in columns. */
final class SideBySide {
    private static final int WIDTH = 38;

    private SideBySide() {}

    static void print(List<Said> answers, PrintStream out) {
        List<List<String>> columns = new ArrayList<>();
        int height = 0;
        for (Said said : answers) {
            List<String> column = new ArrayList<>(List.of("route " + said.route() + " (" + said.model() + ")"));
            column.addAll(wrap(said.answer()));
            columns.add(column);
            height = Math.max(height, column.size());
        }
        for (int row = 0; row < height; row++) {
            StringBuilder line = new StringBuilder();
            for (List<String> column : columns) {
                line.append(
                        String.format(Locale.ROOT, "%-" + WIDTH + "s | ", row < column.size() ? column.get(row) : ""));
            }
            out.println(line.substring(0, line.length() - 3).stripTrailing());
        }
    }

    /** Lines of at most {@link #WIDTH} characters, broken between words; longer words are cut. */
    static List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
            while (line.length() > WIDTH) {
                lines.add(line.substring(0, WIDTH));
                line.delete(0, WIDTH);
            }
        }
        lines.add(line.toString());
        return lines;
    }
}
