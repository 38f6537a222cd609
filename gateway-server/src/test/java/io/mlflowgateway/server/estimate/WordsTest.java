package io.mlflowgateway.server.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Calls;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\":\"hello world\"} | 3",
                "{\"input\":[\"hello\",\"world\"]} | 4",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"hello world\"}],\"model\":\"m\"} | 3",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hello world\"}]}]} | 3"
            })
    void the_words_of_a_prompt_are_counted_as_the_tokenizer_does(String body, long tokens) {
        assertThat(Tokenizer.count(Words.asked(Calls.body(body)))).isEqualTo(tokens);
    }

    @Test
    void pictures_and_names_are_no_words() {
        String picture = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + "A".repeat(100_000)
                + "\"}}";

        Words words = Words.asked(Calls.body("{\"messages\":[{\"role\":\"user\",\"content\":[" + picture + "]}]}"));

        assertThat(words).isEqualTo(new Words("", 0, 0));
        assertThat(Tokenizer.count(words)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"The quick brown fox jumps over the lazy dog. ", "Быстрая лиса прыгает. ", "東京の天気は晴れです。"})
    void a_long_text_is_counted_in_proportion_to_its_beginning(String sentence) {
        String all = sentence.repeat(20_000);

        Words words = Words.asked(Calls.body("{\"prompt\":\"" + all + "\"}"));
        long tokens = Tokenizer.count(words);
        long few = Tokenizer.count(Words.asked(Calls.body("{\"prompt\":\"" + sentence.repeat(100) + "\"}")));

        assertThat(words.text().length()).isLessThanOrEqualTo(Words.MOST_BYTES + 1);
        assertThat(tokens).isBetween(few * 190, few * 210);
    }

    @Test
    void many_long_texts_are_kept_to_the_same_bound() {
        String one = "\"" + "word ".repeat(10_000) + "\"";
        String list = String.join(",", Collections.nCopies(20, one));

        Words words = Words.asked(Calls.body("{\"input\":[" + list + "]}"));

        assertThat(words.text().length()).isLessThan(2 * Words.MOST_BYTES + 2);
        assertThat(Tokenizer.count(words)).isBetween(190_000L, 210_000L);
    }

    @Test
    void an_answers_words_are_its_text_its_thoughts_and_what_it_calls() {
        Words words = Words.answered(
                Calls.body(
                        "{\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                                + "\"assistant\",\"content\":\"a\",\"reasoning_content\":\"b\",\"tool_calls\":[{\"id\":\"x\",\"type\":"
                                + "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}]}"));

        assertThat(words.text()).isEqualTo("a\nb\nf\n{}\n");
    }
}
