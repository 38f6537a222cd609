package io.mlflowgateway.server.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentTest {
    private final Document document = document("hello");

    @Test
    void it_is_given_whole_to_who_has_nothing() {
        Answer.Whole answer = get(document, Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).asString().isEqualTo("hello");
        assertThat(answer.headers())
                .containsEntry("content-type", "text/plain")
                .containsEntry("cache-control", "no-cache")
                .containsEntry("x-more", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"TAG | 304", "W/TAG | 304", "\"x\", TAG | 304", "* | 304", "\"x\" | 200", "'' | 200"})
    void who_names_its_tag_gets_no_body(String header, int status) {
        String tag = Objects.requireNonNull(get(document, Map.of()).headers().get("etag"));

        Answer.Whole answer = get(document, Map.of("if-none-match", header.replace("TAG", tag)));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).hasSize(status == 304 ? 0 : 5);
        assertThat(answer.headers()).containsEntry("etag", tag).containsEntry("cache-control", "no-cache");
    }

    @Test
    void other_content_has_another_tag() {
        assertThat(get(document("hello"), Map.of()).headers().get("etag"))
                .isEqualTo(get(document, Map.of()).headers().get("etag"))
                .isNotEqualTo(get(document("hallo"), Map.of()).headers().get("etag"));
    }

    private static Document document(String text) {
        return Document.of("text/plain", text.getBytes(StandardCharsets.UTF_8), Map.of("x-more", "1"));
    }

    private static Answer.Whole get(Document document, Map<String, String> headers) {
        Head head = new Head("id", "GET", "/", "", headers::get, false, Calls.notes());
        return (Answer.Whole)
                Objects.requireNonNull(document.answer(head, new byte[0]).block(Duration.ofSeconds(5)));
    }
}
