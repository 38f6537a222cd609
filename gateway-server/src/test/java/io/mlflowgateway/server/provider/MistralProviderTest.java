package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

class MistralProviderTest extends OpenAiLikeContract {
    private final MistralProvider provider = new MistralProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(MistralProvider.BASE, "https://mistral.fake/v1"),
                Map.of(MistralProvider.KEY, new Secret(SECRET)));
    }

    @ParameterizedTest
    @CsvSource({"CHAT,/chat/completions", "COMPLETIONS,/chat/completions", "EMBEDDINGS,/embeddings"})
    void each_task_has_its_path(Task task, String path) {
        UpstreamRequest request = provider.encode(query(task, "{\"prompt\":\"a\",\"input\":\"a\"}", false), attempt());

        assertThat(request.url()).isEqualTo("https://mistral.fake/v1" + path);
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void a_stream_sends_no_stream_options_since_usage_always_comes() {
        JsonNode sent = sent(Task.CHAT, "{\"messages\":[],\"stream_options\":{\"include_usage\":true}}", true);

        assertThat(sent).isEqualTo(json("{\"messages\":[],\"model\":\"gpt-fake\",\"stream\":true}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"seed\":1};{\"random_seed\":1,\"model\":\"gpt-fake\"}",
                "{\"seed\":1,\"random_seed\":2};{\"random_seed\":2,\"model\":\"gpt-fake\"}",
                "{\"seed\":null};{\"model\":\"gpt-fake\"}",
                "{\"max_completion_tokens\":5,\"max_tokens\":null};{\"max_tokens\":5,\"model\":\"gpt-fake\"}",
                "{\"max_completion_tokens\":5,\"max_tokens\":6};{\"max_tokens\":6,\"model\":\"gpt-fake\"}"
            })
    void members_go_by_mistrals_names_and_what_is_in_them_already_wins(String body, String upstream) {
        assertThat(sent(Task.CHAT, body, false)).isEqualTo(json(upstream));
    }

    @Test
    void messages_that_need_no_change_stay_the_callers_bytes() {
        String messages = "[ {\"role\":\"user\" , \"content\":\"\\u0041\"} ]";

        UpstreamRequest request =
                provider.encode(query(Task.CHAT, "{\"messages\":" + messages + "}", false), attempt());

        assertThat(text(request.body().toBytes())).contains(messages);
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT,ZERO_TO_ONE,0.8",
        "CHAT,ZERO_TO_TWO,0.8",
        "COMPLETIONS,ZERO_TO_ONE,0.8",
        "COMPLETIONS,ZERO_TO_TWO,0.40"
    })
    void temperature_goes_in_mistrals_range(Task task, TemperatureRange range, String sent) {
        Query query = new Query(task, body("{\"prompt\":\"a\",\"temperature\":0.8}"), false, false, range);

        UpstreamRequest request = provider.encode(query, attempt());

        assertThat(text(request.body().toBytes())).contains("\"temperature\":" + sent);
    }

    @Test
    void a_list_of_one_prompt_is_a_prompt() {
        JsonNode sent = sent(Task.COMPLETIONS, "{\"prompt\":[\"a\"]}", false);

        assertThat(sent.at("/messages/0/content").asText()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"prompt\":[\"a\",\"b\"]}", "{\"prompt\":[1,2]}", "{\"prompt\":[]}", "{}"})
    void any_other_number_of_prompts_is_refused_before_anything_is_sent(String body) {
        Failure failure = failureOf(() -> provider.encode(query(Task.COMPLETIONS, body, false), attempt()));

        assertThat(failure.status()).isEqualTo(422);
    }

    @Test
    void thinking_stands_beside_the_text_and_arguments_are_text() {
        JsonNode choice = json(decode(Task.CHAT, fixture("chat-response.json"))
                        .body()
                        .bytes())
                .at("/choices/0");

        assertThat(choice.at("/message/content").asText()).isEqualTo("Hi there");
        assertThat(choice.at("/message/reasoning_content").asText()).isEqualTo("They greet. Greet back.");
        assertThat(choice.at("/message/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"zone\":\"UTC\",\"n\":1.50}");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
        assertThat(choice.path("native_finish_reason").asText()).isEqualTo("model_length");
    }

    @Test
    void thinking_stands_beside_the_text_in_deltas_too() {
        List<JsonNode> deltas = chunks(chatStream()).stream()
                .map(chunk -> chunk.at("/choices/0/delta"))
                .toList();

        assertThat(deltas.get(1).path("reasoning_content").asText()).isEqualTo("Hm");
        assertThat(deltas.get(1).path("content").isNull()).isTrue();
        assertThat(deltas.get(2).path("content").asText()).isEqualTo("Hi\u2028");
        assertThat(deltas.get(4).at("/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"zone\":\"UTC\"}");
    }

    @Test
    void completions_streamed_as_chat_become_text() {
        List<JsonNode> chunks = chunks(Await.all(stream(Task.COMPLETIONS, List.of(WORD, STOP, "[DONE]"))));

        assertThat(chunks.get(0).at("/choices/0/text").asText()).isEqualTo("x\u2028");
        assertThat(chunks.get(1).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(chunks).extracting(chunk -> chunk.path("object").asText()).containsOnly("text_completion");
    }

    @Test
    void an_answer_that_ended_with_an_error_is_none() {
        String failed = STOP.replace("\"stop\"", "\"error\"");

        assertThat(failureOf(() -> decode(Task.CHAT, failed)).status()).isEqualTo(502);
        StepVerifier.create(stream(Task.CHAT, List.of(WORD, failed, "[DONE]")))
                .expectNextCount(1)
                .expectErrorMatches(thrown -> ((Failure) thrown).status() == 502)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void what_it_finds_wrong_with_a_request_is_told_with_its_place() {
        Failure failure = refusal(422, "application/json", fixture("error-422.json"));

        assertThat(failure.status()).isEqualTo(422);
        assertThat(failure).hasMessage("body.user: Extra inputs are not permitted; body.messages: Field required");
        assertThat(failure.detailJson().map(ProviderContract::json)).contains(json(fixture("error-422.json")));
    }

    @Test
    void its_words_are_the_message() {
        assertThat(refusal(429, "application/json", fixture("error-429.json")))
                .hasMessage("Requests rate limit exceeded");
        assertThat(refusal(401, "application/json", fixture("error-401.json"))).hasMessageContaining("Unauthorized");
    }

    @Test
    void calls_that_others_have_named_are_renamed_with_their_results() {
        String nine = CallIds.nine("call_1");

        JsonNode sent = sent(
                Task.CHAT,
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"call_1\",\"type\":"
                        + "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"noon\"}]}",
                false);

        assertThat(sent.at("/messages/0/tool_calls/0/id").asText()).isEqualTo(nine);
        assertThat(sent.at("/messages/1/tool_call_id").asText()).isEqualTo(nine);
    }
}
