package io.mlflowgateway.samples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A part of a source file, between {@code tag::name[]} and {@code end::name[]}, moved to the left margin. */
final class Region {
    private Region() {}

    /**
     * Reads one.
     *
     * @param reference {@code path/from/the/root#name}, or a path alone for the whole file
     */
    static String read(String reference) throws IOException {
        String[] parts = reference.split("#", 2);
        Path file = MarkdownFile.ROOT.resolve(parts[0]);
        if (parts.length == 1) {
            return Files.readString(file).stripTrailing();
        }
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        boolean ended = false;
        for (String line : Files.readAllLines(file)) {
            if (line.strip().endsWith("tag::" + parts[1] + "[]")) {
                inside = true;
            } else if (line.strip().endsWith("end::" + parts[1] + "[]")) {
                inside = false;
                ended = true;
            } else if (inside && !line.matches(".*(tag|end)::[\\w-]+\\[]")) {
                lines.add(line);
            }
        }
        if (lines.isEmpty() || !ended) {
            throw new IOException("no region " + parts[1] + " in " + parts[0]);
        }
        return toMargin(lines);
    }

    private static String toMargin(List<String> lines) {
        int margin = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(margin))
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }
}
