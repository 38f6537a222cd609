package io.mlflowgateway.samples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be said of the documentation without running anything. */
public final class DocsChecks {
    /** The languages a block of each kind may have. */
    private static final Map<String, List<String>> KINDS = Map.of(
            "from", List.of("java", "yaml", "shell", "python", "json", "text", "nginx", "ini"),
            "config", List.of("yaml"),
            "problems", List.of("text"),
            "run", List.of("shell"),
            "answer", List.of("json", "text"),
            "shell", List.of("shell"),
            "dependency", List.of("xml"));

    private DocsChecks() {}

    /** What is wrong with a block's marker; empty when it is good. */
    public static Optional<String> ofKind(MarkdownFile.Block block) {
        if (block.marker().isEmpty()) {
            return Optional.of("has no comment above it that says how it is checked");
        }
        List<String> languages = KINDS.getOrDefault(block.kind(), List.of());
        return languages.contains(block.language())
                ? Optional.empty()
                : Optional.of("'" + block.marker() + "' is no check of a block in " + block.language());
    }

    /** What a block that is a copy should say. */
    public static String source(MarkdownFile.Block block) throws IOException {
        String region = Region.read(block.argument());
        return block.language().equals("java") ? ShownJava.of(file(block), region) : region;
    }

    /** Whether the page has a link to the file that the block is cut from. */
    public static boolean linksSource(MarkdownFile page, MarkdownFile.Block block) {
        return page.links().stream()
                .anyMatch(link -> page.path().resolveSibling(link).normalize().equals(file(block)));
    }

    private static Path file(MarkdownFile.Block block) {
        return MarkdownFile.ROOT.resolve(block.argument().replaceFirst("#.*", ""));
    }

    /** Links to files that are not there, or to headings that are not in them. */
    public static List<String> brokenLinks(MarkdownFile page) {
        List<String> broken = new ArrayList<>();
        for (String link : page.links()) {
            if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
                broken.add(link);
            }
        }
        return broken;
    }

    private static boolean leadsSomewhere(MarkdownFile page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.path()
                : page.path().resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return parts.length == 1 || MarkdownFile.of(target).anchors().contains(parts[1]);
    }
}
