package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Queries on their way to the provider and replies on their way back, in each generation's shape. */
class TranslationTest {
    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private final TestSurfaces surfaces = new TestSurfaces();

    @Test
    void a_classic_chat_goes_up_in_openais_words_and_comes_back_as_candidates() {
        String answer = surfaces.post(
                        "/gateway/old-chat/invocations",
                        "{" + HI
                                + ",\"temperature\":0.5,\"candidate_count\":2,\"stop\":null,\"max_tokens\":null,\"foo\":1}")
                .text();

        assertThat(surfaces.lastQuery()).isEqualTo("{" + HI + ",\"temperature\":0.5,\"foo\":1,\"n\":2}");
        assertThat(surfaces.lastCall().query().temperatureRange()).isEqualTo(TemperatureRange.ZERO_TO_ONE);
        assertThat(answer)
                .isEqualTo("{\"candidates\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hey\"},"
                        + "\"metadata\":{\"finish_reason\":\"stop\"}}],\"metadata\":{\"input_tokens\":3,"
                        + "\"output_tokens\":4,\"total_tokens\":7,\"model\":\"up-1\",\"route_type\":\"llm/v1/chat\"}}");
    }

    @Test
    void a_classic_completion_has_a_temperature_of_zero_when_it_gives_none() {
        String answer = surfaces.post("/gateway/old-completions/invocations", "{\"prompt\":\"a\"}")
                .text();

        assertThat(surfaces.lastQuery()).isEqualTo("{\"prompt\":\"a\",\"temperature\":0.0}");
        assertThat(answer)
                .isEqualTo("{\"candidates\":[{\"text\":\"hey\",\"metadata\":{\"finish_reason\":\"length\"}}],"
                        + "\"metadata\":{\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":7,\"model\":\"up-1\","
                        + "\"route_type\":\"llm/v1/completions\"}}");
    }

    @Test
    void classic_embeddings_send_text_as_input_and_come_back_as_vectors() {
        String answer = surfaces.post("/gateway/old-embeddings/invocations", "{\"text\":[\"a\",\"b\"]}")
                .text();

        assertThat(surfaces.lastQuery()).isEqualTo("{\"input\":[\"a\",\"b\"]}");
        assertThat(answer)
                .isEqualTo("{\"embeddings\":[[0.5,-0.25]],\"metadata\":{\"input_tokens\":3,\"output_tokens\":0,"
                        + "\"total_tokens\":3,\"model\":\"up-1\",\"route_type\":\"llm/v1/embeddings\"}}");
    }

    @Test
    void classic_callers_get_floats_where_the_provider_gave_base64() {
        // 0.5 and -0.25 as little-endian floats.
        surfaces.replying(
                Task.EMBEDDINGS,
                TestSurfaces.whole("{\"data\":[{\"embedding\":\"AAAAPwAAgL4=\"}],\"model\":\"m\",\"usage\":{}}"));

        assertThat(surfaces.post("/gateway/old-embeddings/invocations", "{\"text\":\"a\"}")
                        .json()
                        .path("embeddings")
                        .toString())
                .isEqualTo("[[0.5,-0.25]]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'index':1,'embedding':[1]},{'index':0,'embedding':[2.50]}|[[2.50],[1]]",
                "{'embedding':[1], 'index':2 },{'object':'embedding','embedding':[ 1e-7 ],'index':1}|[[ 1e-7 ],[1]]",
                "{'index':1,'embedding':[1]},{'embedding':[2]}|[[1],[2]]",
                "{'index':1,'embedding':[1]},{'index':'0','embedding':[2]}|[[1],[2]]",
                "{'index':1,'embedding':'AAAAPw=='},{'index':0,'embedding':[]}|[[],[0.5]]",
            })
    void classic_vectors_come_in_the_order_of_their_texts_and_no_digit_is_touched(String data, String vectors) {
        surfaces.replying(Task.EMBEDDINGS, TestSurfaces.whole("{\"data\":[" + data.replace('\'', '"') + "]}"));

        assertThat(surfaces.post("/gateway/old-embeddings/invocations", "{\"text\":\"a\"}")
                        .text())
                .startsWith("{\"embeddings\":" + vectors + ",\"metadata\":{");
    }

    @Test
    void classic_metadata_keeps_its_keys_when_the_provider_counts_nothing() {
        surfaces.replying(
                Task.CHAT,
                TestSurfaces.whole("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":null,"
                        + "\"tool_calls\":[{\"id\":\"t\"}]},\"finish_reason\":null}]}"));
        surfaces.replying(Task.COMPLETIONS, TestSurfaces.whole("{\"choices\":[{\"text\":\"x\"}]}"));

        String chat =
                surfaces.post("/gateway/old-chat/invocations", "{" + HI + "}").text();
        String completion = surfaces.post("/gateway/old-completions/invocations", "{\"prompt\":\"a\"}")
                .text();

        assertThat(chat)
                .contains("\"metadata\":{\"finish_reason\":null}")
                .contains("\"input_tokens\":null,\"output_tokens\":null,\"total_tokens\":null,\"model\":\"the-model\"")
                .contains("\"content\":\"\"")
                .contains("\"tool_calls\":[{\"id\":\"t\"}]");
        assertThat(completion).contains("{\"text\":\"x\",\"metadata\":{}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mlflow-python-client/2.8.1  | chat     | true
        mlflow-python-client/2.5.0  | chat     | true
        mlflow-python-client/2.9.2  | old-chat | false
        mlflow-python-client/2.22.5 | old-chat | false
        mlflow-python-client/3.17.2 | old-chat | false
        mlflow-python-client/10.0.0 | old-chat | false
        curl/8                      | chat     | false
        curl/8                      | old-chat | true
        """)
    void on_the_shared_path_the_caller_is_answered_in_its_generations_shape(
            String userAgent, String route, boolean classic) {
        String answer = surfaces.post(
                        "/gateway/" + route + "/invocations", "{" + HI + "}", Map.of("user-agent", userAgent))
                .text();

        assertThat(answer.contains("candidates")).isEqualTo(classic);
        assertThat(answer.contains("choices")).isEqualTo(!classic);
    }

    @Test
    void on_the_shared_path_a_classic_member_makes_a_classic_call() {
        assertThat(surfaces.post("/gateway/chat/invocations", "{" + HI + ",\"candidate_count\":1}")
                        .text())
                .contains("candidates");
        assertThat(surfaces.post("/gateway/embeddings/invocations", "{\"text\":\"a\"}")
                        .text())
                .contains("\"embeddings\":");
    }

    @Test
    void the_later_path_is_never_classic() {
        assertThat(surfaces.post(
                                "/endpoints/old-chat/invocations",
                                "{" + HI + "}",
                                Map.of("user-agent", "mlflow-python-client/2.8.1"))
                        .text())
                .contains("choices");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/endpoints/chat/invocations", "/v1/chat/completions"})
    void openai_shaped_answers_come_back_byte_for_byte(String path) {
        String model = path.startsWith("/v1") ? "\"model\":\"chat\"," : "";

        assertThat(surfaces.post(path, "{" + model + HI + "}").text()).isEqualTo(TestSurfaces.CHAT_ANSWER);
    }

    @Test
    void later_callers_nulls_are_dropped_and_number_texts_become_numbers_and_the_rest_is_untouched() {
        String body =
                "{ " + HI + " , \"stop\":null,\"max_tokens\": \"12\",\"temperature\":\"0.50\",\"n\":1.0,\"x\" : [ 1 ]}";

        surfaces.post("/endpoints/chat/invocations", body);

        assertThat(surfaces.lastQuery())
                .isEqualTo("{" + HI + ",\"max_tokens\": 12,\"temperature\":0.50,\"n\":1,\"x\" : [ 1 ]}");
        assertThat(surfaces.lastCall().query().temperatureRange()).isEqualTo(TemperatureRange.ZERO_TO_TWO);
    }

    @Test
    void a_body_that_needs_no_change_is_the_callers_own_bytes() {
        String body = "{\"model\":\"chat\", " + HI + ",\"logit_bias\":{\"1\":2}}";

        surfaces.post("/v1/chat/completions", body);

        assertThat(surfaces.lastQuery()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({
        "/gateway/old-chat/invocations, false",
        "/endpoints/chat/invocations, false",
        "/v1/chat/completions, false",
        "/v1/chat/completions, true"
    })
    void a_stream_is_openais_chunks_then_done_on_every_surface_and_usage_only_for_who_asks(
            String path, boolean usageAsked) {
        surfaces.replying(
                Task.CHAT, new Reply.Streamed(Flux.just(piece("{\"one\":1}", false), piece("{\"usage\":{}}", true))));
        String body = "{\"stream\":true,"
                + (usageAsked ? "\"stream_options\":{\"include_usage\":true}," : "")
                + (path.startsWith("/v1") ? "\"model\":\"chat\"," : "") + HI + "}";

        TestSurfaces.Said said = surfaces.post(path, body);

        assertThat(said.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(said.events())
                .isEqualTo(
                        usageAsked
                                ? List.of("{\"one\":1}", "{\"usage\":{}}", "[DONE]")
                                : List.of("{\"one\":1}", "[DONE]"));
        assertThat(surfaces.lastCall().query().streams()).isTrue();
    }

    @Test
    void embeddings_never_stream() {
        surfaces.post("/v1/embeddings", "{\"model\":\"embeddings\",\"input\":\"a\",\"stream\":true}");

        assertThat(surfaces.lastCall().query().streams()).isFalse();
    }

    private static Piece piece(String json, boolean usageOnly) {
        return new Piece(json.getBytes(StandardCharsets.UTF_8), Optional.empty(), usageOnly);
    }
}
