package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowModelServingProviderTest extends ProviderContract {
    private final MlflowModelServingProvider provider = new MlflowModelServingProvider();

    @Override
    WireProvider provider() {
        return provider;
    }

    @Override
    Settings settings() {
        return new Settings(
                Map.of(MlflowModelServingProvider.URL, "http://127.0.0.1:5001"), Map.of("unused", new Secret(SECRET)));
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void every_task_posts_to_invocations_without_credentials(Task task) {
        UpstreamRequest request = provider.encode(query(task, fixture(task, "request.json"), false), attempt());

        assertThat(request.url()).isEqualTo("http://127.0.0.1:5001/invocations");
        assertThat(request.headers()).isEmpty();
    }

    @Test
    void a_route_need_not_name_the_one_model_the_server_has() throws InvalidConfig {
        ConfigReader reader = new ConfigReader(List.of(provider.spec()), Map.of());

        GatewayConfig config = reader.read("gateway.yaml", """
                endpoints:
                  - name: own
                    endpoint_type: llm/v1/completions
                    model: {provider: mlflow-model-serving, config: {model_server_url: "http://127.0.0.1:5001"}}
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(config.routes())
                .singleElement()
                .satisfies(route -> assertThat(route.targets().get(0).model()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(TemperatureRange.class)
    void temperature_goes_as_the_caller_gave_it(TemperatureRange range) {
        Query query = new Query(Task.COMPLETIONS, body("{\"prompt\":\"p\",\"temperature\":0.9}"), false, false, range);

        UpstreamRequest request = provider.encode(query, attempt());

        assertThat(json(request.body().toBytes()))
                .isEqualTo(json("{\"inputs\":[\"p\"],\"params\":{\"temperature\":0.9}}"));
    }

    @ParameterizedTest
    @CsvSource({"ZERO_TO_ONE,candidate_count", "ZERO_TO_TWO,n"})
    void the_number_of_answers_is_called_as_in_the_callers_api(TemperatureRange range, String name) {
        Query query = new Query(Task.COMPLETIONS, body("{\"prompt\":\"p\",\"n\":2}"), false, false, range);

        UpstreamRequest request = provider.encode(query, attempt());

        assertThat(json(request.body().toBytes()))
                .isEqualTo(json("{\"inputs\":[\"p\"],\"params\":{\"" + name + "\":2}}"));
    }

    @Test
    void without_parameters_there_is_no_params_member() {
        UpstreamRequest request = provider.encode(
                query(Task.EMBEDDINGS, "{\"input\":\"one\",\"model\":\"m\",\"encoding_format\":\"base64\"}", false),
                attempt());

        assertThat(json(request.body().toBytes())).isEqualTo(json("{\"inputs\":[\"one\"]}"));
    }

    @Test
    void the_text_parts_of_a_message_are_its_text() {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                + "{\"type\":\"text\",\"text\":\"b\"}]}]}";

        UpstreamRequest request = provider.encode(query(Task.CHAT, body, false), attempt());

        assertThat(json(request.body().toBytes())).isEqualTo(json("{\"inputs\":[\"a\\nb\"]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"content\":\"a\"},{\"content\":\"b\"}]"})
    void chat_takes_exactly_one_message(String messages) {
        Failure failure =
                failureOf(() -> provider.encode(query(Task.CHAT, "{\"messages\":" + messages + "}", false), attempt()));

        assertThat(failure.status()).isEqualTo(422);
        assertThat(failure.source()).isEqualTo(Failure.Source.GATEWAY);
        assertThat(failure.getMessage()).contains("single message");
    }

    @Test
    void a_picture_in_a_message_is_refused_and_not_left_out() {
        String asked = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"what?\"},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\"}}]}]}";

        Failure failure = failureOf(() -> provider.encode(query(Task.CHAT, asked, false), attempt()));

        assertThat(failure.status()).isEqualTo(422);
        assertThat(failure.getMessage()).contains("text and nothing else");
    }

    @Test
    void streams_are_not_offered() {
        Failure failure =
                failureOf(() -> provider.encode(query(Task.CHAT, fixture("chat-request.json"), true), attempt()));

        assertThat(provider.spec().streams()).isFalse();
        assertThat(failure.status()).isEqualTo(501);
    }

    @Test
    void an_answer_has_no_id_and_the_instant_and_the_configured_model() {
        JsonNode answer = answer(Task.CHAT, fixture("chat-response.json"));

        assertThat(answer)
                .isEqualTo(json("{\"id\":null,\"object\":\"chat.completion\",\"created\":1700000000,"
                        + "\"model\":\"gpt-fake\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"A platform.\"},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":null,"
                        + "\"completion_tokens\":null,\"total_tokens\":null}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"predictions\":[\"A platform.\"]}",
                "{\"predictions\":\"A platform.\"}",
                "{\"predictions\":{\"anything\":[\"A platform.\"]}}",
                "{\"predictions\":{\"anything\":\"A platform.\"}}",
                "{\"predictions\":[{\"generated_text\":\"A platform.\"}]}",
                "{\"predictions\":{\"candidates\":[{\"text\":\"A platform.\",\"metadata\":{}}]}}",
                "{\"predictions\":{\"candidates\":[{\"message\":{\"role\":\"assistant\",\"content\":\"A platform.\"}}]}}",
                "{\"predictions\":{\"choices\":[{\"text\":\"A platform.\"}]}}",
                "{\"predictions\":{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"A platform.\"}}]}}",
                "{\"predictions\":[{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"A platform.\"}}]}]}",
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"A platform.\"}}]}"
            })
    void every_form_of_an_answer_is_read(String response) {
        JsonNode chat = answer(Task.CHAT, response);
        JsonNode completion = answer(Task.COMPLETIONS, response);

        assertThat(chat.at("/choices/0/message/content").asText()).isEqualTo("A platform.");
        assertThat(chat.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(completion.at("/choices/0/text").asText()).isEqualTo("A platform.");
        assertThat(completion.path("object").asText()).isEqualTo("text_completion");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"predictions\":[\"a\",\"b\"]}",
                "{\"predictions\":{\"anything\":[\"a\",\"b\"]}}",
                "{\"predictions\":{\"candidates\":[\"a\",\"b\"]}}",
                "{\"predictions\":{\"candidates\":[\"a\",\"b\"],\"other\":1}}",
                "{\"predictions\":{\"choices\":[\"a\",\"b\"],\"other\":1}}",
                "{\"predictions\":[{\"0\":\"a\"},{\"0\":\"b\"}]}",
                "{\"predictions\":[{\"choices\":[{\"text\":\"a\"}]},{\"choices\":[{\"text\":\"b\"}]}]}",
                "{\"predictions\":[{\"candidates\":[{\"text\":\"a\"}]},{\"candidates\":[\"b\"]}]}"
            })
    void several_predictions_are_several_choices(String response) {
        JsonNode completion = answer(Task.COMPLETIONS, response);
        JsonNode chat = answer(Task.CHAT, response);

        assertThat(completion.path("choices")).hasSize(2);
        assertThat(completion.at("/choices/0/text").asText()).isEqualTo("a");
        assertThat(completion.at("/choices/1/text").asText()).isEqualTo("b");
        assertThat(completion.at("/choices/1/index").asInt()).isEqualTo(1);
        assertThat(chat.at("/choices/1/message/content").asText()).isEqualTo("b");
    }

    @Test
    void the_tokens_of_several_whole_answers_are_counted_together() {
        String response = "{\"predictions\":[{\"choices\":[{\"text\":\"a\"}],\"usage\":{\"prompt_tokens\":3,"
                + "\"completion_tokens\":1}},{\"choices\":[{\"text\":\"b\"}],\"usage\":{\"prompt_tokens\":4,"
                + "\"completion_tokens\":2}}]}";

        assertThat(decode(Task.COMPLETIONS, response).usage()).isEqualTo(new Usage(7, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"predictions\":[0.5,1]}", "{\"predictions\":[[0.5],[1],[2]]}"})
    void as_many_vectors_come_as_texts_were_given(String response) {
        Failure failure = failureOf(() -> decode(Task.EMBEDDINGS, response));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(failure.getMessage()).endsWith("for 2 texts");
    }

    @Test
    void a_served_chat_model_keeps_what_it_says_of_itself() {
        String response =
                "{\"id\":\"x\",\"model\":\"llm\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":null,\"tool_calls\":[{\"id\":\"c\"}]},\"finish_reason\":\"tool_calls\"}],"
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}";

        JsonNode answer = answer(Task.CHAT, response);

        assertThat(answer.path("id").asText()).isEqualTo("x");
        assertThat(answer.path("model").asText()).isEqualTo("llm");
        assertThat(answer.at("/choices/0/message/tool_calls/0/id").asText()).isEqualTo("c");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(decode(Task.CHAT, response).usage()).isEqualTo(new Usage(3, 4));
    }

    @Test
    void what_a_candidate_and_its_metadata_say_is_kept() {
        JsonNode answer = answer(
                Task.COMPLETIONS,
                "{\"predictions\":{\"candidates\":[{\"text\":\"a\",\"metadata\":{\"finish_reason\":\"length\"}}],"
                        + "\"metadata\":{\"input_tokens\":5,\"output_tokens\":6,\"total_tokens\":11}}}");

        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(11);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"predictions\":[0.5,1]};1",
                "{\"predictions\":[[0.5,1],[1,2]]};2",
                "{\"predictions\":{\"embeddings\":[[0.5,1]]}};1",
                "{\"predictions\":{\"embedding\":[0.5,1]}};1",
                "{\"predictions\":[{\"embedding\":[0.5,1]},{\"embedding\":[0,1]}]};2",
                "{\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5,1]}]};1"
            })
    void every_form_of_vectors_is_read(String response, int vectors) {
        String texts = vectors == 1 ? "\"a\"" : "[\"a\",\"b\"]";
        Query query = query(Task.EMBEDDINGS, "{\"input\":" + texts + "}", false);
        UpstreamResponse.Whole whole =
                new UpstreamResponse.Whole(200, Optional.empty(), "application/json", utf8(response));

        JsonNode answer = json(provider.decode(query, attempt(), whole).body().bytes());

        assertThat(answer.path("data")).hasSize(vectors);
        assertThat(answer.at("/data/0/embedding/0").asDouble()).isEqualTo(0.5);
        assertThat(answer.at("/data/0/embedding/1").asDouble()).isEqualTo(1);
    }

    @Test
    void vectors_are_base64_when_the_caller_asked_for_it() {
        Query query = query(Task.EMBEDDINGS, "{\"input\":\"a\",\"encoding_format\":\"base64\"}", false);

        JsonNode answer = json(provider.decode(
                        query,
                        attempt(),
                        new UpstreamResponse.Whole(
                                200, Optional.empty(), "application/json", utf8("{\"predictions\":[1.0,0.0]}")))
                .body()
                .bytes());

        assertThat(answer.at("/data/0/embedding").asText()).isEqualTo("AACAPwAAAAA=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"predictions\":[[\"a\"]]}",
                "{\"predictions\":[[]]}",
                "{\"predictions\":[true]}",
                "{\"predictions\":{\"a\":1,\"b\":2}}",
                "{\"predictions\":{\"choices\":[]}}",
                "{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":1e99999}}"
            })
    void predictions_of_no_use_are_a_bad_gateway(String response) {
        for (Task task : Task.values()) {
            assertThat(failureOf(() -> decode(task, response)).status()).isEqualTo(502);
        }
    }

    @Test
    void a_scoring_servers_own_error_is_shown_whole_and_masked() {
        Failure failure = refusal(400, "application/json", fixture("error-401.json"));

        assertThat(failure.detailJson())
                .contains("{\"error_code\":\"BAD_REQUEST\",\"message\":\"Missing required key inputs; token ***\"}");
    }

    private JsonNode answer(Task task, String response) {
        return json(decode(task, response).body().bytes());
    }
}
