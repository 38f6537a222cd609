package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.secret.Secret;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MosaicMlProviderTest extends ProviderContract {
    private final MosaicMlProvider provider = new MosaicMlProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(MosaicMlProvider.BASE, "https://models.fake"), Map.of(MosaicMlProvider.KEY, new Secret(SECRET)));
    }

    @Override
    String model() {
        return "llama2-70b-chat";
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void every_task_has_the_path_of_its_model_and_the_bare_key(Task task) {
        UpstreamRequest request = provider.encode(query(task, fixture(task, "request.json"), false), attempt());

        assertThat(request.url()).isEqualTo("https://models.fake/llama2-70b-chat/v1/predict");
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", SECRET));
    }

    /** Roles by their first letters; the texts are what MLflow 3.17 makes of the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "u:a u:b;<s>[INST] a b [/INST]",
                "u:a a:b;<s>[INST] a [/INST] b ",
                "a:a u:b s:c;<s> a </s><s>[INST] b <<SYS>> c <</SYS>> [/INST]",
                "s:s;<s>[INST] <<SYS>> s <</SYS>> [/INST]"
            })
    void a_chat_is_the_text_that_llama_was_taught(String turns, String text) {
        Map<String, String> roles = Map.of("u", "user", "a", "assistant", "s", "system");
        String messages = Stream.of(turns.split(" "))
                .map(turn -> turn.split(":"))
                .map(turn -> "{\"role\":\"" + roles.get(turn[0]) + "\",\"content\":\"" + turn[1] + "\"}")
                .collect(Collectors.joining(","));

        UpstreamRequest request =
                provider.encode(query(Task.CHAT, "{\"messages\":[" + messages + "]}", false), attempt());

        assertThat(json(request.body().toBytes()).at("/inputs/0").asText()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"mpt-7b,begin with llama2", "llama2-7b,calls of tools"})
    void what_it_cannot_chat_about_is_refused(String model, String why) {
        String body = "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"x\"}]}";

        Failure failure =
                failureOf(() -> provider.encode(query(Task.CHAT, body, false), new Attempt(model, settings(), NOW)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
        assertThat(failure.getMessage()).contains(why);
    }

    @Test
    void streams_are_not_offered() {
        Failure failure =
                failureOf(() -> provider.encode(query(Task.CHAT, fixture("chat-request.json"), true), attempt()));

        assertThat(provider.spec().streams()).isFalse();
        assertThat(failure.status()).isEqualTo(501);
    }

    @Test
    void every_output_is_a_choice() {
        JsonNode answer = json(decode(Task.COMPLETIONS, fixture("completions-response.json"))
                .body()
                .bytes());

        assertThat(answer.at("/choices/1/text").asText()).isEqualTo("Bye");
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
    }

    @ParameterizedTest
    @CsvSource({
        "Error: max output tokens is limited to 4096 but 5000 were asked,422",
        "Error: prompt token count 9000 is too large,422",
        "Error: the model is not here,500"
    })
    void too_many_tokens_are_the_callers_fault(String message, int status) {
        Failure failure = refusal(500, "application/json", "{\"message\":\"" + message + "\"}");

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure).hasMessage(message);
    }
}
