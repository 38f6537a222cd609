package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PalmProviderTest extends ProviderContract {
    private final PalmProvider provider = new PalmProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(PalmProvider.BASE, "https://api.fake/v1beta3"), Map.of(PalmProvider.KEY, new Secret(SECRET)));
    }

    @Override
    String model() {
        return "chat-bison-001";
    }

    @ParameterizedTest
    @CsvSource({"CHAT,generateMessage", "COMPLETIONS,generateText", "EMBEDDINGS,batchEmbedText"})
    void each_task_has_its_method(Task task, String method) {
        UpstreamRequest request = provider.encode(query(task, fixture(task, "request.json"), false), attempt());

        assertThat(request.url()).isEqualTo("https://api.fake/v1beta3/models/chat-bison-001:" + method);
        assertThat(request.headers()).containsOnly(Map.entry("x-goog-api-key", SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
                "\"response_format\":{\"type\":\"json_object\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"x\"}]",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"https://a.fake/b.png\"}}]}]"
            })
    void what_it_cannot_say_is_refused(String body) {
        Failure failure = failureOf(() -> provider.encode(query(Task.CHAT, "{" + body + "}", false), attempt()));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void streams_are_not_offered() {
        Failure failure =
                failureOf(() -> provider.encode(query(Task.CHAT, fixture("chat-request.json"), true), attempt()));

        assertThat(provider.spec().streams()).isFalse();
        assertThat(failure.status()).isEqualTo(501);
        assertThat(failure).hasMessage("streaming is not implemented for palm models");
    }

    @Test
    void every_candidate_is_a_choice_of_the_assistant() {
        JsonNode answer =
                json(decode(Task.CHAT, fixture("chat-response.json")).body().bytes());

        assertThat(answer.path("choices")).hasSize(2);
        assertThat(answer.at("/choices/1/message")).isEqualTo(json("{\"role\":\"assistant\",\"content\":\"雨\"}"));
    }

    @Test
    void an_answer_that_was_filtered_ends_so() {
        JsonNode choice = json(decode(Task.CHAT, fixture("filtered-response.json"))
                        .body()
                        .bytes())
                .at("/choices/0");

        assertThat(choice.path("finish_reason").asText()).isEqualTo("content_filter");
        assertThat(choice.path("native_finish_reason").asText()).isEqualTo("SAFETY");
    }

    @Test
    void when_to_come_again_is_read_from_the_refusal() {
        assertThat(refusal(429, "application/json", fixture("error-429.json")).retryAfter())
                .contains("7");
    }
}
