package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Hugging Face's servers by their own APIs: {@code /generate} for completions, {@code /embed} for embeddings. */
class TgiOwnApiTest extends ProviderContract {
    private final TextGenerationInferenceProvider provider = new TextGenerationInferenceProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    String folder() {
        return "tgi";
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(
                        TextGenerationInferenceProvider.URL,
                        "http://tgi.fake",
                        TextGenerationInferenceProvider.COMPLETIONS,
                        "generate",
                        TextGenerationInferenceProvider.EMBEDDINGS,
                        "embed"),
                Map.of(TextGenerationInferenceProvider.KEY, new Secret(SECRET)));
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT,false,/v1/chat/completions",
        "COMPLETIONS,false,/generate",
        "COMPLETIONS,true,/generate_stream",
        "EMBEDDINGS,false,/embed"
    })
    void each_task_has_its_path(Task task, boolean streams, String path) {
        UpstreamRequest request = provider.encode(query(task, fixture(task, "request.json"), streams), attempt());

        assertThat(request.url()).isEqualTo("http://tgi.fake" + path);
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
        assertThat(request.streams()).isEqualTo(streams);
    }

    @Test
    void a_stream_is_not_asked_how_long_the_prompt_was() {
        JsonNode sent = json(provider.encode(query(Task.COMPLETIONS, "{\"prompt\":\"p\"}", true), attempt())
                .body()
                .toBytes());

        assertThat(sent).isEqualTo(json("{\"inputs\":\"p\",\"parameters\":{\"details\":true}}"));
    }

    @ParameterizedTest
    @CsvSource({"0,0.001", "0.3,0.3", "1.5,1.5"})
    void temperature_goes_unscaled_but_never_as_zero(String asked, String sent) {
        String body = "{\"prompt\":\"p\",\"temperature\":" + asked + "}";

        JsonNode parameters = json(provider.encode(query(Task.COMPLETIONS, body, true), attempt())
                        .body()
                        .toBytes())
                .path("parameters");

        assertThat(parameters.path("temperature").decimalValue()).isEqualByComparingTo(sent);
    }

    @Test
    void one_answer_is_all_it_gives() {
        Failure failure = failureOf(
                () -> provider.encode(query(Task.COMPLETIONS, "{\"prompt\":\"p\",\"n\":2}", false), attempt()));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void tokens_are_counted_from_the_details() {
        var reply = decode(Task.COMPLETIONS, fixture("completions-response.json"));

        assertThat(reply.usage()).isEqualTo(new Usage(3, 2));
        assertThat(json(reply.body().bytes()).at("/choices/0/finish_reason").asText())
                .isEqualTo("length");
    }

    @Test
    void an_answer_without_details_has_its_text() {
        var reply = decode(Task.COMPLETIONS, "{\"generated_text\":\"x\"}");

        assertThat(json(reply.body().bytes()).at("/choices/0/text").asText()).isEqualTo("x");
        assertThat(reply.usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void a_stream_has_the_text_without_what_steers_the_model_and_its_tokens() {
        List<Piece> pieces = Await.all(read(data()));

        List<JsonNode> chunks = pieces.stream().map(piece -> json(piece.json())).toList();
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at("/choices/0/text").asText("")));
        assertThat(text).hasToString("你\u2028好");
        assertThat(chunks).extracting(chunk -> chunk.path("object").asText()).containsOnly("text_completion");
        assertThat(chunks.get(2).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(pieces.get(3).usage()).contains(new Usage(3, 3));
        assertThat(pieces).hasSize(4);
    }

    @Test
    void a_stream_that_ends_with_text_loses_none() {
        String last = "{\"token\":{\"id\":1,\"text\":\"x\",\"special\":false},\"generated_text\":\"x\","
                + "\"details\":{\"finish_reason\":\"length\",\"generated_tokens\":1}}";

        List<Piece> pieces = Await.all(read(List.of(last)));

        assertThat(json(pieces.get(0).json()).at("/choices/0/text").asText()).isEqualTo("x");
        assertThat(json(pieces.get(1).json()).at("/choices/0/finish_reason").asText())
                .isEqualTo("length");
    }

    @Test
    void a_stream_without_its_last_event_is_a_failure() {
        List<String> data = data();
        for (int count = 0; count < data.size(); count++) {
            Failure failure = Await.failure(read(data.subList(0, count)).then());

            assertThat(failure.kind()).as("after %d", count).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
        }
    }

    @ParameterizedTest
    @CsvSource({"overloaded,429", "validation,422", "generation,424", "incomplete_generation,500"})
    void its_errors_end_a_stream_with_the_status_they_stand_for(String type, int status) {
        List<String> events = new ArrayList<>(data().subList(0, 1));
        events.add("{\"error\":\"no more\",\"error_type\":\"" + type + "\"}");

        Failure failure = Await.failure(read(events).then());

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure).hasMessage("no more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[[1]]", "[[1],[2],[3]]", "[[1],[]]", "[[1],[\"a\"]]", "{\"embeddings\":[[1],[2]]}"})
    void vectors_that_are_not_what_was_asked_for_are_a_bad_gateway(String answer) {
        assertThat(failureOf(() -> decode(Task.EMBEDDINGS, answer)).kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }

    @Test
    void vectors_are_base64_where_the_caller_asked_for_that() {
        var query = query(Task.EMBEDDINGS, "{\"input\":\"a\",\"encoding_format\":\"base64\"}", false);
        var answer = new UpstreamResponse.Whole(200, Optional.empty(), "application/json", utf8("[[1]]"));

        var reply = provider.decode(query, attempt(), answer);

        assertThat(json(reply.body().bytes()).at("/data/0/embedding").asText()).isEqualTo("AACAPw==");
    }

    private List<String> data() {
        return Stream.of(fixture("completions.sse").split("\n"))
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.substring("data:".length()))
                .toList();
    }

    private Flux<Piece> read(List<String> data) {
        return provider.decodeStream(
                query(Task.COMPLETIONS, fixture("completions-request.json"), true),
                attempt(),
                Flux.fromIterable(data).map(event -> new SseEvent("", utf8(event))));
    }
}
