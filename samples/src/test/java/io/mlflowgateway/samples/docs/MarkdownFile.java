package io.mlflowgateway.samples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: its code blocks with the comment above each, its headings, its links. */
public final class MarkdownFile {
    /** The project's folder; tests run in the module's. */
    public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern MARKER = Pattern.compile("<!-- (.*) -->");
    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+)(.*)");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    /**
     * A fenced block.
     *
     * @param place file and line, for messages
     * @param marker what the comment above it says; empty when there is none
     * @param language as the fence names it
     */
    public record Block(String place, String marker, String language, String text) {
        /** The marker's first word, without a colon. */
        public String kind() {
            return marker.replaceFirst("[: ].*", "");
        }

        /** What follows the colon of the marker. */
        public String argument() {
            int colon = marker.indexOf(':');
            return colon < 0 ? "" : marker.substring(colon + 1).strip();
        }
    }

    private final Path path;
    private final List<Block> blocks = new ArrayList<>();
    private final Set<String> anchors = new HashSet<>();
    private final List<String> links = new ArrayList<>();

    private MarkdownFile(Path path) throws IOException {
        this.path = path;
        read(Files.readAllLines(path));
    }

    /** Every page: those in the project's folder and in {@code docs/}. */
    public static List<MarkdownFile> all() {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(MarkdownFile::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static MarkdownFile of(Path path) {
        try {
            return new MarkdownFile(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return path;
    }

    public List<Block> blocks() {
        return List.copyOf(blocks);
    }

    /** Of the headings, as GitHub makes them. */
    public Set<String> anchors() {
        return Set.copyOf(anchors);
    }

    /** Targets of the links outside of code blocks. */
    public List<String> links() {
        return List.copyOf(links);
    }

    private void read(List<String> lines) {
        String before = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int end = i + 1;
                while (end < lines.size() && !lines.get(end).strip().equals(fence.group(1))) {
                    end++;
                }
                Matcher marker = MARKER.matcher(before);
                blocks.add(new Block(
                        ROOT.relativize(path) + ":" + (i + 1),
                        marker.matches() ? marker.group(1).strip() : "",
                        fence.group(2).strip(),
                        String.join("\n", lines.subList(i + 1, end))));
                i = end;
                before = "";
            } else {
                prose(lines.get(i));
                before = lines.get(i).strip();
            }
        }
    }

    private void prose(String line) {
        if (line.startsWith("#")) {
            anchors.add(anchor(line));
        }
        Matcher link = LINK.matcher(line);
        while (link.find()) {
            links.add(link.group(1));
        }
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
