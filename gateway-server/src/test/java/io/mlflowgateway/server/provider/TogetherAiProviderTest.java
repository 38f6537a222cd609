package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TogetherAiProviderTest extends OpenAiLikeContract {
    private final TogetherAiProvider provider = new TogetherAiProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(TogetherAiProvider.BASE, "https://together.fake/v1"),
                Map.of(TogetherAiProvider.KEY, new Secret(SECRET)));
    }

    @ParameterizedTest
    @CsvSource({"CHAT,/chat/completions", "COMPLETIONS,/completions", "EMBEDDINGS,/embeddings"})
    void each_task_has_its_path(Task task, String path) {
        UpstreamRequest request = provider.encode(query(task, "{}", false), attempt());

        assertThat(request.url()).isEqualTo("https://together.fake/v1" + path);
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"stop\":\"a\\\"b\"};{\"stop\":[\"a\\\"b\"]}",
                "{\"stop\":[\"a\"]};{\"stop\":[\"a\"]}",
                "{\"stop\":null};{\"stop\":null}"
            })
    void stop_is_a_list(String body, String upstream) {
        assertThat(sent(Task.CHAT, body, false).path("stop"))
                .isEqualTo(json(upstream).path("stop"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"logprobs\":true,\"top_logprobs\":3};{\"logprobs\":3}",
                "{\"logprobs\":true};{\"logprobs\":1}",
                "{\"logprobs\":false,\"top_logprobs\":3};{}",
                "{\"logprobs\":2};{\"logprobs\":2}",
                "{\"top_logprobs\":2};{\"logprobs\":2}"
            })
    void logprobs_say_how_many(String body, String upstream) {
        JsonNode sent = sent(Task.CHAT, body, false);

        assertThat(sent.path("logprobs")).isEqualTo(json(upstream).path("logprobs"));
        assertThat(sent.has("top_logprobs")).isFalse();
    }

    @Test
    void a_stream_sends_no_stream_options_since_usage_always_comes() {
        assertThat(sent(Task.CHAT, "{\"stream_options\":{}}", true))
                .isEqualTo(json("{\"model\":\"gpt-fake\",\"stream\":true}"));
    }

    @Test
    void eos_is_stop_and_reasoning_has_openais_usual_name() {
        JsonNode choice = json(decode(Task.CHAT, fixture("chat-response.json"))
                        .body()
                        .bytes())
                .at("/choices/0");

        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.path("native_finish_reason").asText()).isEqualTo("eos");
        assertThat(choice.path("seed").asInt()).isEqualTo(7);
        assertThat(choice.at("/message/reasoning_content").asText()).isEqualTo("hm");
        assertThat(choice.path("message").has("reasoning")).isFalse();
    }

    @Test
    void eos_is_stop_and_reasoning_has_its_name_in_streams_too() {
        List<JsonNode> chunks = chunks(chatStream());

        assertThat(chunks.get(0).at("/choices/0/delta/reasoning_content").asText())
                .isEqualTo("hm");
        assertThat(chunks.get(2).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(chunks.get(2).at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void a_choice_that_finishes_twice_is_told_once() {
        List<JsonNode> chunks = chunks(Await.all(stream(Task.CHAT, List.of(WORD, STOP, STOP, "[DONE]"))));

        assertThat(chunks.get(1).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(chunks.get(2).at("/choices/0/finish_reason").isNull()).isTrue();
    }

    @Test
    void completions_have_openais_object_and_reasons() {
        JsonNode answer = json(decode(Task.COMPLETIONS, fixture("completions-response.json"))
                .body()
                .bytes());

        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("hi");
    }

    @Test
    void a_stream_of_completions_may_say_its_end_beside_its_choice() {
        String chunk = "{\"id\":\"o\",\"object\":\"completion.chunk\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"text\":\"%s\"}],\"finish_reason\":%s}";
        var pieces = Await.all(stream(
                Task.COMPLETIONS, List.of(chunk.formatted("hi", "null"), chunk.formatted("", "\"eos\""), "[DONE]")));

        var last = json(pieces.get(pieces.size() - 1).json());
        assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(last.has("finish_reason")).isFalse();
    }
}
