package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {
    private static String quoted(String text) {
        String quoted = Escapes.quoted(text);
        assertThat(quoted).startsWith("\"").endsWith("\"");
        return quoted.substring(1, quoted.length() - 1);
    }

    private static String open(String text) {
        return Escapes.open(text);
    }

    @Test
    void line_breaks_and_terminal_sequences_are_spelt_out() {
        assertThat(open("a\r\nb\tc\u001b[31m\0")).isEqualTo("a\\r\\nb\\tc\\u001b[31m\\u0000");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x2028, 0x2029, 0x202e, 0x2066, 0xfeff, 0xd800, 0xdc00
            })
    void what_cannot_be_seen_is_spelt_out(int point) {
        assertThat(open("a" + (char) point + "b")).isEqualTo(String.format("a\\u%04xb", point));
    }

    @Test
    void invisible_characters_beyond_the_first_plane_are_spelt_out() {
        assertThat(open(Character.toString(0xe0041))).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void what_people_write_stays() {
        String text = "Grüße, モデル ünd 🎉 = 'x' <b>";

        assertThat(open(text)).isEqualTo(text);
        assertThat(quoted(text)).isEqualTo(text);
    }

    @Test
    void quotes_are_escaped_only_between_quotes_and_backslashes_always() {
        assertThat(quoted("say \"\\n\"")).isEqualTo("say \\\"\\\\n\\\"");
        assertThat(open("say \"\\n\"")).isEqualTo("say \"\\\\n\"");
    }

    @Test
    void every_character_comes_back_from_its_json() throws Exception {
        String all = IntStream.rangeClosed(0, Character.MAX_VALUE)
                .filter(c -> !Character.isSurrogate((char) c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();

        String json = '"' + quoted(all) + '"';

        assertThat(new ObjectMapper().readValue(json, String.class)).isEqualTo(all);
        assertThat(json).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    }
}
