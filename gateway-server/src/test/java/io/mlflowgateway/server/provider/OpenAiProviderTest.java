package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class OpenAiProviderTest extends ProviderContract {
    private final OpenAiProvider provider = new OpenAiProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return with(Map.of());
    }

    private static Settings with(Map<String, String> texts) {
        Map<String, String> all =
                new HashMap<>(Map.of(OpenAiProvider.BASE, "https://api.fake/v1", OpenAiProvider.TYPE, "openai"));
        all.putAll(texts);
        return new Settings(all, Map.of(OpenAiProvider.KEY, new Secret(SECRET)));
    }

    @ParameterizedTest
    @CsvSource({"CHAT,/chat/completions", "COMPLETIONS,/completions", "EMBEDDINGS,/embeddings"})
    void each_task_has_its_path(Task task, String path) {
        UpstreamRequest request = provider.encode(query(task, "{}", false), attempt());

        assertThat(request.url()).isEqualTo("https://api.fake/v1" + path);
        assertThat(request.headers()).containsOnly(Map.entry("Authorization", "Bearer " + SECRET));
    }

    @Test
    void organization_and_version_are_sent_when_they_are_set() {
        Settings settings = with(Map.of(OpenAiProvider.ORGANIZATION, "org-1", OpenAiProvider.VERSION, "2024-06-01"));

        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), new Attempt("m", settings, NOW));

        assertThat(request.headers()).containsEntry("OpenAI-Organization", "org-1");
        assertThat(request.url()).endsWith("/chat/completions?api-version=2024-06-01");
    }

    @Test
    void fields_that_look_like_settings_stay_inside_the_body() {
        String body = "{\"api_base\":\"http://evil\",\"openai_api_key\":\"x\",\"headers\":{\"X-Evil\":\"1\"}}";

        UpstreamRequest request = provider.encode(query(Task.CHAT, body, false), attempt());

        assertThat(request.url()).startsWith("https://api.fake/");
        assertThat(request.headers()).containsOnlyKeys("Authorization");
        assertThat(json(request.body().toBytes()).path("api_base").asText()).isEqualTo("http://evil");
    }

    @Test
    void everything_but_the_changed_words_is_the_callers_bytes() {
        String body = "{ \"messages\" : [ {\"content\":\"\\u0041 é\"} ] , \"model\" : \"x\" , \"seed\" : 1.000 }";

        UpstreamRequest request = provider.encode(query(Task.CHAT, body, false), attempt());

        assertThat(text(request.body().toBytes()))
                .contains("\"messages\" : [ {\"content\":\"\\u0041 é\"} ]")
                .contains("\"model\" : \"gpt-fake\"")
                .contains("\"seed\" : 1.000");
    }

    @Test
    void a_target_without_a_model_sends_none() {
        UpstreamRequest request = provider.encode(
                query(Task.CHAT, "{\"model\":\"route\",\"a\":1}", false), new Attempt("", settings(), NOW));

        assertThat(json(request.body().toBytes())).isEqualTo(json("{\"a\":1}"));
    }

    @ParameterizedTest
    @CsvSource({
        "ZERO_TO_ONE,0.7,1.4",
        "ZERO_TO_ONE,0,0",
        "ZERO_TO_ONE,1,2",
        "ZERO_TO_ONE,5e-1,1.0",
        "ZERO_TO_TWO,0.7,0.7",
        "ZERO_TO_ONE,null,null"
    })
    void temperature_is_scaled_from_the_range_of_the_callers_api(TemperatureRange range, String given, String sent) {
        Query query = new Query(Task.CHAT, body("{\"temperature\":" + given + "}"), false, false, range);

        UpstreamRequest request = provider.encode(query, attempt());

        assertThat(text(request.body().toBytes())).startsWith("{\"temperature\":" + sent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{};{\"include_usage\":true}",
                "{\"stream_options\":null};{\"include_usage\":true}",
                "{\"stream_options\":{\"include_usage\":false}};{\"include_usage\":true}",
                "{\"stream_options\":{\"include_obfuscation\":false}};{\"include_obfuscation\":false,\"include_usage\":true}"
            })
    void a_stream_always_asks_for_usage_and_keeps_the_callers_options(String body, String options) {
        UpstreamRequest request = provider.encode(query(Task.CHAT, body, true), attempt());

        assertThat(request.streams()).isTrue();
        assertThat(json(request.body().toBytes()).path("stream")).isEqualTo(json("true"));
        assertThat(json(request.body().toBytes()).path("stream_options")).isEqualTo(json(options));
    }

    @Test
    void stream_options_that_are_no_object_are_left_for_the_provider_to_refuse() {
        UpstreamRequest request = provider.encode(query(Task.CHAT, "{\"stream_options\":\"all\"}", true), attempt());

        assertThat(json(request.body().toBytes()).path("stream_options").asText())
                .isEqualTo("all");
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void an_answer_comes_back_byte_for_byte(Task task) {
        String response = fixture(task, "response.json");

        assertThat(text(decode(task, response).body().bytes())).isEqualTo(response);
    }

    @ParameterizedTest
    @CsvSource({"CHAT,19,10", "COMPLETIONS,2,1", "EMBEDDINGS,2,0"})
    void tokens_are_read_from_usage(Task task, long prompt, long completion) {
        Usage usage = decode(task, fixture(task, "response.json")).usage();

        assertThat(usage.promptTokens()).isEqualTo(prompt);
        assertThat(usage.completionTokens()).isEqualTo(completion);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[]}",
                "{\"choices\":[],\"usage\":null}",
                "{\"choices\":[],\"usage\":[1]}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":\"many\"}}",
                "{\"choices\":[{\"usage\":{\"prompt_tokens\":7}}]}"
            })
    void usage_that_is_not_there_is_unknown(String answer) {
        assertThat(decode(Task.CHAT, answer).usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void completions_answered_as_chat_become_text() {
        var answer = json(decode(Task.COMPLETIONS, fixture("completions-as-chat-response.json"))
                .body()
                .bytes());

        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("hi there");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.path("choices").path(0).has("message")).isFalse();
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.path("id").asText()).isEqualTo("chatcmpl-2");
    }

    @Test
    void text_wins_over_a_message_beside_it() {
        String both = "{\"choices\":[{\"text\":\"right\",\"message\":{\"content\":\"wrong\"}}]}";

        assertThat(text(decode(Task.COMPLETIONS, both).body().bytes())).isEqualTo(both);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[{\"index\":0}]}", "{\"choices\":[1]}", "{\"choices\":[[]]}"})
    void completions_without_any_text_are_a_bad_gateway(String answer) {
        assertThat(failureOf(() -> decode(Task.COMPLETIONS, answer)).status()).isEqualTo(502);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"error\":{\"message\":\"m\",\"type\":\"rate_limit_error\"}};429",
                "{\"error\":{\"message\":\"m\",\"code\":400}};400",
                "{\"error\":{\"message\":\"m\",\"code\":\"503\"}};503",
                "{\"error\":{\"message\":\"m\",\"type\":\"server_error\"}};500",
                "{\"error\":\"m\"};502",
                "{\"error\":{\"message\":\"m\",\"code\":200}};502"
            })
    void an_error_that_came_with_status_200_is_a_failure(String answer, int status) {
        Failure failure = failureOf(() -> decode(Task.CHAT, answer));

        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.getMessage()).isEqualTo("m");
    }

    @Test
    void a_refusal_without_error_shows_its_whole_document() {
        Failure failure = refusal(422, "application/problem+json", "{\"detail\":[{\"loc\":[\"body\"]}]}");

        assertThat(failure.status()).isEqualTo(422);
        assertThat(failure.detailJson()).contains("{\"detail\":[{\"loc\":[\"body\"]}]}");
    }

    @ParameterizedTest
    @CsvSource({"application/json,'{broken'", "application/json,''", "'',''", "text/html,''"})
    void a_refusal_that_says_nothing_keeps_its_status(String type, String body) {
        Failure failure = refusal(503, type, body);

        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure.getMessage()).contains("503");
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void the_credential_is_in_no_text_form() {
        UpstreamRequest request = provider.encode(query(Task.CHAT, "{}", false), attempt());

        assertThat(request.toString() + attempt()).doesNotContain(SECRET);
    }

    @Test
    void a_whole_answer_to_a_streaming_request_is_a_bad_gateway() {
        UpstreamResponse.Whole answer = new UpstreamResponse.Whole(
                200, Optional.empty(), "application/json", utf8(fixture("chat-response.json")));

        Failure failure = Await.failure(provider.ask(
                query(Task.CHAT, "{}", true),
                attempt(),
                (request, deadline) -> Mono.just(answer),
                Deadline.in(Duration.ofSeconds(5))));

        assertThat(failure.status()).isEqualTo(502);
    }
}
