package io.mlflowgateway.samples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a page shows a region of a sample, so that it can be pasted: the imports it uses on top, and in place of what tests
 * hand in, {@code gateway} and {@code out}, the address a gateway has by default and {@code System.out}.
 */
final class ShownJava {
    private static final Pattern IMPORT = Pattern.compile("import (?:static )?[\\w.]+\\.(\\w+);");

    private ShownJava() {}

    static String of(Path file, String region) throws IOException {
        String imports = imports(Files.readAllLines(file), region);
        return imports.isEmpty() ? ready(region) : imports + "\n\n" + ready(region);
    }

    private static String imports(List<String> lines, String region) {
        return String.join(
                "\n", lines.stream().filter(line -> isUsed(line, region)).toList());
    }

    private static boolean isUsed(String line, String region) {
        Matcher name = IMPORT.matcher(line);
        return name.matches()
                && Pattern.compile("\\b" + name.group(1) + "\\b")
                        .matcher(region)
                        .find();
    }

    private static String ready(String region) {
        String text = region;
        if (!text.contains("String gateway")) {
            text = text.replace("baseUrl(gateway)", "baseUrl(\"http://127.0.0.1:5000\")");
        }
        return text.contains("PrintStream out") ? text : text.replaceAll("(?<![\\w.])out\\.", "System.out.");
    }
}
