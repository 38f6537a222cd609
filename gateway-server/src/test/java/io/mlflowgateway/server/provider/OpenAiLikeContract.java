package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.SseFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * What every provider must hold to whose wire is nearly OpenAI's; {@code chat.sse} is a stream in its own form, with a raw
 * U+2028 in its text, and usage.
 */
abstract class OpenAiLikeContract extends ProviderContract {
    static final String WORD = "{\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\\u2028\"},\"finish_reason\":null}],\"new\":[1.50]}";
    static final String STOP = "{\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

    @Test
    void a_stream_has_one_id_one_model_and_one_object() {
        List<JsonNode> chunks = chunks(chatStream());

        assertThat(chunks)
                .extracting(chunk -> chunk.path("id").asText())
                .doesNotContain("")
                .satisfies(ids -> assertThat(ids.stream().distinct()).hasSize(1));
        assertThat(chunks)
                .extracting(chunk -> chunk.path("model").asText())
                .doesNotContain("")
                .satisfies(models -> assertThat(models.stream().distinct()).hasSize(1));
        assertThat(chunks).extracting(chunk -> chunk.path("object").asText()).containsOnly("chat.completion.chunk");
        assertThat(chunks)
                .allSatisfy(chunk ->
                        assertThat(chunk.path("created").isIntegralNumber()).isTrue());
    }

    @Test
    void each_choice_of_a_stream_finishes_once_and_in_openais_words() {
        List<JsonNode> chunks = chunks(chatStream());

        List<String> reasons = new ArrayList<>();
        chunks.forEach(chunk -> chunk.path("choices")
                .forEach(choice -> reasons.add(choice.path("finish_reason").asText(""))));
        assertThat(reasons.stream().filter(reason -> !reason.isEmpty() && !reason.equals("null")))
                .singleElement()
                .satisfies(reason -> assertThat(FinishReasons.isOpenAis(reason)).isTrue());
    }

    @Test
    void a_raw_line_separator_stays_in_the_text_of_a_stream() {
        String all = String.join(
                "", chatStream().stream().map(piece -> text(piece.json())).toList());

        assertThat(all).contains("\u2028").doesNotContain("\n");
    }

    @Test
    void the_tokens_of_a_stream_are_told_once() {
        assertThat(chatStream().stream().filter(piece -> piece.usage().isPresent()))
                .singleElement()
                .satisfies(piece -> assertThat(piece.usage().orElseThrow().completionTokens())
                        .isPositive());
    }

    @Test
    void a_stream_that_is_cut_before_its_end_is_a_failure() {
        List<String> data = data();
        int finish = IntStream.range(0, data.size())
                .filter(i -> data.get(i).matches("(?s).*\"finish_reason\" ?: ?\"[a-z_]+\".*"))
                .findFirst()
                .orElseThrow();

        for (int kept = 0; kept <= finish; kept++) {
            StepVerifier.create(stream(Task.CHAT, data.subList(0, kept)))
                    .thenConsumeWhile(piece -> true)
                    .expectErrorMatches(thrown -> ((Failure) thrown).kind() == Failure.Kind.UPSTREAM_UNREACHABLE)
                    .verify(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"error\":{\"message\":\"m sk-fake-secret-value\",\"type\":\"server_error\"}};500",
                "{\"object\":\"error\",\"message\":\"m sk-fake-secret-value\",\"code\":429};429"
            })
    void an_error_inside_a_stream_ends_it_with_its_masked_words(String error, int status) {
        StepVerifier.create(stream(Task.CHAT, List.of(WORD, error)))
                .expectNextCount(1)
                .expectErrorSatisfies(thrown -> {
                    assertThat(((Failure) thrown).status()).isEqualTo(status);
                    assertThat(thrown).hasMessage("m ***");
                })
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void chunks_that_are_openais_pass_byte_for_byte() {
        List<Piece> pieces = Await.all(stream(Task.CHAT, List.of(WORD, STOP, "[DONE]")));

        assertThat(pieces).extracting(piece -> text(piece.json())).containsExactly(WORD, STOP);
    }

    @Test
    void an_answer_that_is_openais_passes_byte_for_byte() {
        String answer =
                "{ \"id\":\"a\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"h\\u0069\"},\"finish_reason\":\"stop\"}],\"new\":1.0}";

        assertThat(text(decode(Task.CHAT, answer).body().bytes())).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void vectors_are_base64_where_the_caller_asked_for_that(int size) {
        Assumptions.assumeTrue(provider().spec().tasks().contains(Task.EMBEDDINGS));
        String numbers = String.join(",", List.of("1", "0", "-0.5").subList(0, size));
        String answer =
                "{\"object\":\"list\",\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3},\"data\":["
                        + "{\"index\":1,\"object\":\"embedding\",\"embedding\":[" + numbers + "]}]}";
        Query query = query(Task.EMBEDDINGS, "{\"input\":\"a\",\"encoding_format\":\"base64\"}", false);

        var reply = provider()
                .decode(
                        query,
                        attempt(),
                        new UpstreamResponse.Whole(200, java.util.Optional.empty(), "application/json", utf8(answer)));

        String expected = size == 1 ? "AACAPw==" : "AACAPwAAAAAAAAC/";
        JsonNode item = json(reply.body().bytes()).at("/data/0");
        assertThat(item.path("embedding").asText()).isEqualTo(expected);
        assertThat(item.path("index").asInt()).isEqualTo(1);
        assertThat(reply.usage().promptTokens()).isEqualTo(3);
    }

    final List<Piece> chatStream() {
        return Await.all(stream(Task.CHAT, data()));
    }

    final List<JsonNode> chunks(List<Piece> pieces) {
        return pieces.stream().map(piece -> json(piece.json())).toList();
    }

    final Flux<Piece> stream(Task task, List<String> data) {
        Flux<SseEvent> events = Flux.fromIterable(data).map(json -> new SseEvent("", utf8(json)));
        return provider().decodeStream(query(task, "{}", true), attempt(), events);
    }

    final List<String> data() {
        return SseFixture.data("/provider/" + provider().spec().name() + "/chat.sse");
    }

    /** What is sent for a body. */
    final JsonNode sent(Task task, String body, boolean streams) {
        return json(
                provider().encode(query(task, body, streams), attempt()).body().toBytes());
    }
}
