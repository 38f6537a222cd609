package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** The {@code cohere} provider where {@code cohere_api_version} is {@code v1}. */
class CohereV1Test extends ProviderContract {
    private final CohereProvider provider = new CohereProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    String folder() {
        return "cohere-v1";
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(CohereProvider.BASE, "https://api.fake", CohereProvider.VERSION, "v1"),
                Map.of(CohereProvider.KEY, new Secret(SECRET)));
    }

    @Override
    String model() {
        return "command-r";
    }

    @ParameterizedTest
    @CsvSource({"CHAT,/v1/chat", "COMPLETIONS,/v1/generate", "EMBEDDINGS,/v1/embed"})
    void each_task_has_its_path_and_streams_are_lines(Task task, String path) {
        UpstreamRequest request =
                provider.encode(query(task, fixture(task, "request.json"), task != Task.EMBEDDINGS), attempt());

        assertThat(request.url()).isEqualTo("https://api.fake" + path);
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
        assertThat(request.framing()).isEqualTo(Framing.NDJSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
                "\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}]",
                "\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\"}}]},"
                        + "{\"role\":\"user\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"https://a.fake/b.png\"}}]}]"
            })
    void what_it_cannot_say_is_refused(String body) {
        Failure failure = failureOf(() -> provider.encode(query(Task.CHAT, "{" + body + "}", false), attempt()));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void generate_gives_five_answers_at_most() {
        Failure failure = failureOf(
                () -> provider.encode(query(Task.COMPLETIONS, "{\"prompt\":\"p\",\"n\":6}", false), attempt()));

        assertThat(failure).hasMessage("n may be 5 at most for cohere");
    }

    @Test
    void a_json_schema_is_the_form_of_the_answer() {
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\","
                        + "\"json_schema\":{\"name\":\"a\",\"schema\":{\"type\":\"object\"}}}}";

        JsonNode sent = json(
                provider.encode(query(Task.CHAT, body, false), attempt()).body().toBytes());

        assertThat(sent.path("response_format"))
                .isEqualTo(json("{\"type\":\"json_object\",\"schema\":{\"type\":\"object\"}}"));
    }

    @Test
    void a_stream_amounts_to_the_whole_chat() {
        List<Piece> pieces = Await.all(read(Task.CHAT, lines("chat.ndjson")));

        assertThat(Assembled.of(pieces))
                .isEqualTo(json(
                        decode(Task.CHAT, fixture("chat-response.json")).body().bytes()));
    }

    @Test
    void each_generation_of_a_stream_has_its_text_and_its_end() {
        StringBuilder texts = new StringBuilder();
        for (Piece piece : Await.all(read(Task.COMPLETIONS, lines("completions.ndjson")))) {
            JsonNode choice = json(piece.json()).at("/choices/0");
            texts.append(choice.path("index").asInt())
                    .append(choice.path("text").asText())
                    .append(choice.path("finish_reason").asText("").replace("null", ""))
                    .append(' ');
        }

        assertThat(texts).hasToString("0Hi 1Hel 1lo 0stop 1length ");
    }

    @ParameterizedTest
    @CsvSource({"CHAT,chat.ndjson", "COMPLETIONS,completions.ndjson"})
    void a_stream_without_its_end_is_a_failure(Task task, String file) {
        List<String> lines = lines(file);
        for (int count = 0; count < lines.size(); count++) {
            Failure failure = Await.failure(read(task, lines.subList(0, count)).then());

            assertThat(failure.kind()).as("after %d", count).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
        }
    }

    @Test
    void an_error_inside_a_stream_is_a_failure_with_its_masked_words() {
        Failure failure =
                Await.failure(read(Task.CHAT, lines("error-stream.ndjson")).then());

        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.getMessage()).startsWith("out of luck ").doesNotContain("sk-");
    }

    @ParameterizedTest
    @CsvSource({"MAX_TOKENS,length", "ERROR_TOXIC,content_filter", "STOP_SEQUENCE,stop"})
    void why_it_ended_is_said_in_openais_words(String reason, String finish) {
        JsonNode answer = json(decode(Task.CHAT, "{\"text\":\"x\",\"finish_reason\":\"" + reason + "\"}")
                .body()
                .bytes());

        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo(finish);
        assertThat(answer.at("/choices/0/native_finish_reason").asText()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"text\":\"x\",\"meta\":{\"tokens\":{\"input_tokens\":2.0,\"output_tokens\":3}}};2;3",
                "{\"text\":\"x\",\"meta\":{\"billed_units\":{\"input_tokens\":4,\"output_tokens\":5}}};4;5",
                "{\"text\":\"x\",\"token_count\":{\"prompt_tokens\":6,\"response_tokens\":7,\"total_tokens\":13}};6;7",
                "{\"text\":\"x\"};0;0"
            })
    void tokens_are_read_wherever_they_stand(String answer, long prompt, long completion) {
        assertThat(decode(Task.CHAT, answer).usage()).isEqualTo(new Usage(prompt, completion));
    }

    @Test
    void a_generation_nobody_asked_for_breaks_the_stream() {
        String line = "{\"event_type\":\"text-generation\",\"index\":2,\"text\":\"x\"}";

        assertThat(Await.failure(read(Task.COMPLETIONS, List.of(line)).then()).kind())
                .isEqualTo(Failure.Kind.UPSTREAM_INVALID);
    }

    @Test
    void vectors_with_a_name_are_read_too() {
        String answer = "{\"response_type\":\"embeddings_by_type\",\"embeddings\":{\"float\":[[1],[2]]}}";

        assertThat(json(decode(Task.EMBEDDINGS, answer).body().bytes())
                        .at("/data/1/embedding/0")
                        .asInt())
                .isEqualTo(2);
    }

    private List<String> lines(String file) {
        return Stream.of(fixture(file).split("\n"))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private Flux<Piece> read(Task task, List<String> lines) {
        Query query = query(task, fixture(task, "request.json"), true);
        return provider.decodeStream(
                query, attempt(), Flux.fromIterable(lines).map(line -> new SseEvent("", utf8(line))));
    }
}
