package io.mlflowgateway.server.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static long count(String text) {
        return Tokenizer.count(new Words(text, text.length(), text.length()));
    }

    @Test
    void prose_is_counted_in_one_piece() {
        String prose = "Who comes late finds the door shut, and says so. ".repeat(100);

        assertThat(Tokenizer.parts(prose)).containsExactly(prose);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "xY7", "猫", "\uD83D\uDE00", " ", "\n"})
    void no_word_is_long_enough_to_take_much_time(String again) {
        String word = "begin " + again.repeat(1_000);

        List<String> parts = Tokenizer.parts(word);

        assertThat(String.join("", parts)).isEqualTo(word);
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.length()).isLessThanOrEqualTo(Tokenizer.LONGEST_WORD + "begin ".length() + 1);
            assertThat(Character.isLowSurrogate(part.charAt(0))).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \ud83d b", "\ude00", "\ude00\ud83d"})
    void half_a_character_counts_as_a_question_mark(String half) {
        assertThat(count(half)).isEqualTo(count(half.replace('\ud83d', '?').replace('\ude00', '?')));
    }

    @Test
    void a_long_word_counts_about_as_much_in_parts() {
        String digits = "0123456789abcdefXYZ".repeat(100);

        assertThat(count(digits)).isBetween(count(digits.substring(0, 19)) * 90, count(digits.substring(0, 19)) * 115);
    }
}
