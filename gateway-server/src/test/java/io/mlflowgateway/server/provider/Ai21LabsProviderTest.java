package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ai21LabsProviderTest extends OpenAiLikeContract {
    private final Ai21LabsProvider provider = new Ai21LabsProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(Ai21LabsProvider.BASE, "https://ai21.fake/studio/v1"),
                Map.of(Ai21LabsProvider.KEY, new Secret(SECRET)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Task.class,
            names = {"CHAT", "COMPLETIONS"})
    void both_tasks_are_asked_as_chat(Task task) {
        UpstreamRequest request = provider.encode(query(task, "{\"prompt\":\"a\"}", false), attempt());

        assertThat(request.url()).isEqualTo("https://ai21.fake/studio/v1/chat/completions");
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void a_jurassic_model_completes_by_its_own_api() {
        Attempt attempt = new Attempt("j2-ultra", settings(), NOW);
        Query query = query(
                Task.COMPLETIONS, "{\"prompt\":\"Скажи 猫\",\"max_tokens\":7,\"temperature\":1,\"stop\":\"x\"}", false);
        byte[] answer = utf8("{\"id\":1,\"completions\":[{\"data\":{\"text\":\"猫\"},"
                + "\"finishReason\":{\"reason\":\"length\"}}]}");

        UpstreamRequest request = provider.encode(query, attempt);
        Reply.Whole reply = provider.decode(
                query, attempt, new UpstreamResponse.Whole(200, Optional.empty(), "application/json", answer));

        assertThat(request.url()).isEqualTo("https://ai21.fake/studio/v1/j2-ultra/complete");
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
        assertThat(json(request.body().toBytes()))
                .isEqualTo(
                        json("{\"prompt\":\"Скажи 猫\",\"maxTokens\":7,\"temperature\":0.5,\"stopSequences\":[\"x\"]}"));
        JsonNode choice = json(reply.body().bytes()).at("/choices/0");
        assertThat(choice.path("text").asText()).isEqualTo("猫");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    }

    @ParameterizedTest
    @CsvSource({"CHAT, false", "COMPLETIONS, true"})
    void a_jurassic_model_neither_chats_nor_streams(Task task, boolean streams) {
        Attempt attempt = new Attempt("j2-mid", settings(), NOW);
        Query query = query(task, "{\"prompt\":\"a\",\"messages\":[]}", streams);

        Failure failure = failureOf(() -> provider.encode(query, attempt));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
    }

    @Test
    void what_an_answer_does_not_say_of_itself_is_filled_in() {
        JsonNode answer =
                json(decode(Task.CHAT, fixture("chat-response.json")).body().bytes());

        assertThat(answer.path("id").asText()).isEqualTo("chat-1");
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("model").asText()).isEqualTo("gpt-fake");
        assertThat(answer.path("created").asLong()).isEqualTo(NOW.getEpochSecond());
    }

    @Test
    void what_chunks_do_not_say_of_themselves_is_the_same_in_all() {
        List<JsonNode> chunks = chunks(chatStream());

        assertThat(chunks).extracting(chunk -> chunk.path("id").asText()).containsOnly("chat-1");
        assertThat(chunks).extracting(chunk -> chunk.path("model").asText()).containsOnly("gpt-fake");
        assertThat(chunks).extracting(chunk -> chunk.path("created").asLong()).containsOnly(NOW.getEpochSecond());
    }

    @Test
    void an_id_that_is_missing_is_made_up_once() {
        List<JsonNode> chunks = chunks(Await.all(stream(
                Task.CHAT, List.of(WORD.replace("\"id\":\"a\",", ""), STOP.replace("\"id\":\"a\",", ""), "[DONE]"))));

        assertThat(chunks).extracting(chunk -> chunk.path("id").asText()).containsOnly("answer-18bcfe56800");
    }

    @Test
    void a_stream_sends_no_stream_options_since_usage_always_comes() {
        assertThat(sent(Task.CHAT, "{\"stream_options\":{}}", true))
                .isEqualTo(json("{\"model\":\"gpt-fake\",\"stream\":true}"));
    }

    @Test
    void completions_answered_as_chat_are_text() {
        JsonNode answer = json(decode(Task.COMPLETIONS, fixture("completions-response.json"))
                .body()
                .bytes());

        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("hi");
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
    }

    @Test
    void its_detail_is_the_message() {
        assertThat(refusal(422, "application/json", fixture("error-422.json")))
                .hasMessage("body.messages.0.content: str type expected");
        assertThat(refusal(429, "application/json", fixture("error-429.json"))).hasMessage("Too many requests");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tool_choice\":\"required\"}",
                "{\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}}",
                "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}]}]}"
            })
    void what_jamba_cannot_do_is_refused(String body) {
        Failure failure = failureOf(() -> sent(Task.CHAT, body, false));

        assertThat(failure.status()).isEqualTo(422);
        assertThat(failure.getMessage()).contains("ai21labs");
    }

    @Test
    void a_choice_of_tools_left_to_the_model_is_not_sent() {
        assertThat(sent(Task.CHAT, "{\"tool_choice\":\"auto\"}", false).has("tool_choice"))
                .isFalse();
    }
}
