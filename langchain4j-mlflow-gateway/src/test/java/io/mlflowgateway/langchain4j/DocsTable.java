package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A table of the documentation that is made from the code: it stands between two comments of its page. */
public final class DocsTable {

    private static final Path DOCS = Path.of("..", "docs");

    private DocsTable() {}

    /**
     * Fails unless the table reads so. With {@code -Dregenerate=true} the page is mended.
     *
     * @param page below {@code docs}
     * @param name as the comment above the table has it
     */
    public static void mustRead(String page, String name, String expected) throws IOException {
        Path file = DOCS.resolve(page);
        String text = Files.readString(file);
        String begin = "<!-- table: " + name + " -->\n";
        assertThat(text).contains(begin);
        int start = text.indexOf(begin) + begin.length();
        int end = text.indexOf("<!-- end -->", start);
        if (Boolean.getBoolean("regenerate")) {
            Files.writeString(file, text.substring(0, start) + "\n" + expected + "\n\n" + text.substring(end));
            return;
        }
        assertThat(text.substring(start, end).strip()).isEqualTo(expected);
    }

    public static String head(String... cells) {
        return row(cells) + "\n" + "|---".repeat(cells.length) + "|";
    }

    public static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    public static String code(String text) {
        return '`' + text + '`';
    }
}
