package io.mlflowgateway.server.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
        paper.word("kept").piece(ascii(" piece"));
        Paper.Mark end = paper.mark();
        paper.word(" gone").piece(ascii(" too"));

        paper.cut(end);

        assertThat(paper.word("!").piece(ascii("?"))).hasToString("kept piece!?");
        assertThat(paper.becomes()).isEqualTo("kept piece!?".length());
    }

    @Test
    void a_piece_takes_five_bytes_and_comes_out_whole() {
        byte[] known = ascii(" provider=openai model=gpt-4o");
        for (int i = 0; i < 3_000; i++) {
            paper.piece(known).number(i % 10);
        }

        assertThat(paper.weight()).isEqualTo(3_000 * 6);
        assertThat(paper.becomes()).isEqualTo(3_000 * (known.length + 1));
        assertThat(paper.toString())
                .startsWith(" provider=openai model=gpt-4o0 provider=openai model=gpt-4o1")
                .hasSize(paper.becomes());
    }

    @Test
    void a_part_comes_out_with_its_own_pieces() {
        paper.piece(ascii("first")).word("-");
        Paper.Mark middle = paper.mark();
        paper.word("<").piece(ascii("second")).piece(ascii("third")).word(">");

        assertThat(new String(paper.from(middle), US_ASCII)).isEqualTo("<secondthird>");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
