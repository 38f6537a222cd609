package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaperTest {
    private final Paper paper = new Paper();

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 10, 99, 100, 1_234_567, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void numbers_are_written_in_decimal(long number) {
        assertThat(paper.number(number)).hasToString(Long.toString(number));
    }

    @Test
    void texts_of_any_script_stand_beside_words() {
        paper.word("a=").text("привет 日本 \uD83D\uDE00").add(' ').word("b");

        assertThat(paper).hasToString("a=привет 日本 \uD83D\uDE00 b");
    }

    @Test
    void it_grows_as_far_as_it_must() {
        String long1 = "x".repeat(20_000);
        String long2 = "y".repeat(300_000);

        paper.word(long1).text(long2).number(5);

        assertThat(paper).hasToString(long1 + long2 + 5);
        assertThat(paper.isLarge()).isTrue();
    }

    @Test
    void what_is_cut_off_is_gone() {
        paper.word("kept");
        int end = paper.length();
        paper.word(" gone");

        paper.cut(end);

        assertThat(paper.word("!")).hasToString("kept!");
        assertThat(paper.endsWith('!')).isTrue();
    }
}
