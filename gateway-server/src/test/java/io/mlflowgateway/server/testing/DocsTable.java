package io.mlflowgateway.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A table of the documentation that is made from the code: it stands between two comments of its page. */
public final class DocsTable {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String END = "<!-- end -->";

    private DocsTable() {}

    /**
     * Fails unless the table reads so. With {@code -Dregenerate=true} the page is mended.
     *
     * @param page below {@code docs}
     * @param name as the comment above the table has it
     */
    public static void mustRead(String page, String name, String expected) throws IOException {
        if (Boolean.getBoolean("regenerate")) {
            Path file = DOCS.resolve(page);
            String text = Files.readString(file);
            int start = start(text, name);
            String rest = text.substring(text.indexOf(END, start));
            Files.writeString(file, text.substring(0, start) + expected + "\n" + rest);
            return;
        }
        assertThat(table(page, name)).isEqualTo(expected);
    }

    /** The table as it stands. */
    public static String table(String page, String name) throws IOException {
        String text = Files.readString(DOCS.resolve(page));
        int start = start(text, name);
        return text.substring(start, text.indexOf(END, start)).strip();
    }

    private static int start(String text, String name) {
        String begin = "<!-- table: " + name + " -->\n";
        assertThat(text).contains(begin);
        return text.indexOf(begin) + begin.length();
    }

    public static String head(String... cells) {
        return row(cells) + "\n" + "|---".repeat(cells.length) + "|";
    }

    public static String row(String... cells) {
        return "| " + String.join(" | ", List.of(cells)) + " |";
    }

    public static String code(String text) {
        return '`' + text + '`';
    }
}
