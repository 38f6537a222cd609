package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each generation lets pass and how it words its refusals, as the servers of MLflow 2.8, 2.22 and 3.17 do. */
class ValidationTest {
    private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String CLASSIC = "/gateway/old-chat/invocations";
    private static final String LATER = "/endpoints/chat/invocations";

    private final TestSurfaces surfaces = new TestSurfaces();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "temperature":1          | 200 |                    | 200 |
        "temperature":1.5        | 422 | less_than_equal    | 200 |
        "temperature":2.5        | 422 | less_than_equal    | 422 | less_than_equal
        "temperature":-1         | 422 | greater_than_equal | 422 | greater_than_equal
        "temperature":"0.5"      | 200 |                    | 200 |
        "temperature":"hot"      | 422 | float_parsing      | 422 | float_parsing
        "temperature":[]         | 422 | float_type         | 422 | float_type
        "temperature":1e999999   | 422 | json_invalid       | 422 | json_invalid
        "candidate_count":5      | 200 |                    | 200 |
        "candidate_count":6      | 422 | less_than_equal    | 200 |
        "candidate_count":0      | 422 | greater_than_equal | 200 |
        "n":7                    | 422 |                    | 200 |
        "n":0                    | 422 |                    | 422 | greater_than_equal
        "model":"x"              | 422 |                    | 422 |
        "stop":"END"             | 422 | list_type          | 422 | list_type
        "stop":[]                | 422 | too_short          | 422 | too_short
        "stop":["a"]             | 200 |                    | 200 |
        "stop":[1]               | 422 | string_type        | 422 | string_type
        "max_tokens":0           | 422 | greater_than_equal | 422 | greater_than_equal
        "max_tokens":1.5         | 422 | int_from_float     | 422 | int_from_float
        "max_tokens":"many"      | 422 | int_parsing        | 422 | int_parsing
        "max_tokens":"12"        | 200 |                    | 200 |
        "max_tokens":null        | 200 |                    | 200 |
        "stream":"yes"           | 422 | bool_type          | 422 | bool_type
        "top_p":1.5              | 200 |                    | 422 | less_than_equal
        "presence_penalty":3     | 200 |                    | 422 | less_than_equal
        "frequency_penalty":-3   | 200 |                    | 422 | greater_than_equal
        "top_k":0                | 200 |                    | 422 | greater_than_equal
        "max_completion_tokens":0| 200 |                    | 422 | greater_than_equal
        "foo":{"bar":1}          | 200 |                    | 200 |
        """)
    void parameters_follow_the_rules_of_their_generation(
            String member, int classic, String classicType, int later, String laterType) {
        String body = "{" + HI + "," + member + "}";

        TestSurfaces.Said old = surfaces.post(CLASSIC, body);
        TestSurfaces.Said recent = surfaces.post(LATER, body);

        assertThat(old.status()).as("2.8: " + old.text()).isEqualTo(classic);
        assertThat(recent.status()).as("2.22: " + recent.text()).isEqualTo(later);
        assertThat(type(old)).isEqualTo(classicType == null ? "" : classicType);
        assertThat(type(recent)).isEqualTo(laterType == null ? "" : laterType);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                            | 422 | missing               | 422 | missing
        {"messages":[]}                               | 422 | too_short             | 422 | too_short
        {"messages":"hi"}                             | 422 | list_type             | 422 | list_type
        {"messages":["hi"]}                           | 422 | model_attributes_type | 422 | model_attributes_type
        {"messages":[{"content":"hi"}]}               | 422 | missing               | 422 | missing
        {"messages":[{"role":"user"}]}                | 422 | missing               | 200 |
        {"messages":[{"role":1,"content":"hi"}]}      | 422 | string_type           | 422 | string_type
        {"messages":[{"role":"user","content":1}]}    | 422 | string_type           | 422 | string_type
        {"messages":[{"role":"user","content":null}]} | 422 | string_type           | 200 |
        {"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]} | 422 | string_type | 200 |
        {"messages":[{"role":"wizard","content":"hi","name":"n"}]} | 200 |          | 200 |
        """)
    void messages_follow_the_rules_of_their_generation(
            String body, int classic, String classicType, int later, String laterType) {
        TestSurfaces.Said old = surfaces.post(CLASSIC, body);
        TestSurfaces.Said recent = surfaces.post(LATER, body);

        assertThat(old.status()).as("2.8: " + old.text()).isEqualTo(classic);
        assertThat(recent.status()).as("2.22: " + recent.text()).isEqualTo(later);
        assertThat(type(old)).isEqualTo(classicType == null ? "" : classicType);
        assertThat(type(recent)).isEqualTo(laterType == null ? "" : laterType);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /gateway/old-completions/invocations  | {"prompt":["a"]}      | string_type | prompt
        /endpoints/completions/invocations    | {"prompt":["a"]}      | string_type | prompt
        /gateway/old-completions/invocations  | {"messages":[]}       | missing     | prompt
        /endpoints/completions/invocations    | {"messages":[]}       | missing     | prompt
        /gateway/old-embeddings/invocations   | {"input":"a"}         | missing     | text
        /endpoints/embeddings/invocations     | {"text":"a"}          | missing     | input
        /gateway/old-embeddings/invocations   | {"text":[1]}          | string_type | text
        /endpoints/embeddings/invocations     | {"input":1}           | string_type | input
        """)
    void the_body_of_another_task_is_told_what_is_missing(String path, String body, String type, String member) {
        TestSurfaces.Said said = surfaces.post(path, body);

        assertThat(said.status()).isEqualTo(422);
        assertThat(type(said)).isEqualTo(type);
        assertThat(said.json().path("detail").path(0).path("loc").path(1).asText())
                .isEqualTo(member);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"input\":[]}", "{\"input\":[1,2]}", "{\"input\":[[1],[2]]}", "{\"input\":[\"a\",\"b\"]}"})
    void embeddings_take_every_form_of_input(String body) {
        assertThat(surfaces.post("/endpoints/embeddings/invocations", body).status())
                .isEqualTo(200);
        assertThat(surfaces.lastQuery()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                | missing               | ["body"]
        '   '             | missing               | ["body"]
        [1]               | model_attributes_type | ["body"]
        "text"            | model_attributes_type | ["body"]
        {"a":             | json_invalid          | ["body",5]
        {nope}            | json_invalid          | ["body",1]
        {} {}             | json_invalid          | ["body",3]
        {"a":1,"a":2}     | json_invalid          | ["body",7]
        """)
    void what_is_no_json_object_is_named_as_mlflows_validator_does(String body, String type, String location) {
        TestSurfaces.Said said = surfaces.post(LATER, body);

        assertThat(said.status()).isEqualTo(422);
        assertThat(type(said)).as(said.text()).isEqualTo(type);
        assertThat(said.json().path("detail").path(0).path("loc").toString()).isEqualTo(location);
        assertThat(surfaces.calls).isEmpty();
    }

    @Test
    void every_breach_is_named_at_once_with_what_was_found() {
        JsonNode detail = surfaces.post(LATER, "{" + HI + ",\"temperature\":9,\"n\":0,\"stop\":\"x\"}")
                .json()
                .path("detail");

        assertThat(detail).hasSize(3);
        assertThat(detail.path(0).toString())
                .isEqualTo("{\"type\":\"less_than_equal\",\"loc\":[\"body\",\"temperature\"],"
                        + "\"msg\":\"Input should be less than or equal to 2\",\"input\":9,\"ctx\":{\"le\":2.0}}");
    }

    @Test
    void a_huge_input_is_not_sent_back() {
        String body = "{" + HI + ",\"stop\":\"" + "x".repeat(100_000) + "\"}";

        assertThat(surfaces.post(LATER, body).text()).hasSizeLessThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "",
                ";;",
                "application/json; charset=latin1",
                "application/json; charset=utf-7; x=utf-8",
                "application/json; charset"
            })
    void what_is_not_announced_as_json_is_415_on_every_surface(String type) {
        for (String path : new String[] {CLASSIC, LATER, "/v1/chat/completions"}) {
            assertThat(surfaces.post(path, "{" + HI + "}", Map.of("content-type", type))
                            .status())
                    .isEqualTo(415);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/JSON", "application/json; charset=utf-8"})
    void json_may_be_announced_in_its_usual_spellings(String type) {
        assertThat(surfaces.post(LATER, "{" + HI + "}", Map.of("content-type", type))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"messages":[]}                                | missing_required_parameter | model
        {"model":1,"messages":[]}                      | invalid_type               | model
        {"model":"completions","messages":[]}          | wrong_route_type           | model
        {"model":"chat"}                               | missing_required_parameter | messages
        {"model":"chat","messages":"hi"}               | invalid_type               | messages
        {"model":"chat","messages":[],"temperature":"1"} | invalid_type             | temperature
        {"model":"chat","messages":[],"stream":1}      | invalid_type               | stream
        {"model":"chat","messages":[],"tools":{}}      | invalid_type               | tools
        """)
    void openai_callers_get_400_with_code_and_param(String body, String code, String param) {
        TestSurfaces.Said said = surfaces.post("/v1/chat/completions", body);

        assertThat(said.status()).isEqualTo(400);
        assertThat(said.json().path("error").path("code").asText()).isEqualTo(code);
        assertThat(said.json().path("error").path("param").asText()).isEqualTo(param);
        assertThat(said.json().path("error").path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(said.json().path("error").path("request_id").asText()).isEqualTo("req-1");
    }

    @Test
    void openai_values_are_the_providers_business() {
        String body = "{\"model\":\"chat\",\"messages\":[],\"temperature\":99,\"n\":0,\"stop\":\"x\",\"anything\":[1]}";

        assertThat(surfaces.post("/v1/chat/completions", body).status()).isEqualTo(200);
        assertThat(surfaces.lastQuery()).isEqualTo(body);
    }

    @Test
    void an_unknown_model_is_404_and_its_name_is_no_markup() {
        TestSurfaces.Said said = surfaces.post("/v1/chat/completions", "{\"model\":\"<script>\",\"messages\":[]}");

        assertThat(said.status()).isEqualTo(404);
        assertThat(said.text()).doesNotContain("<script>");
        assertThat(said.json().path("error").path("code").asText()).isEqualTo("model_not_found");
    }

    private static String type(TestSurfaces.Said said) {
        return said.status() == 200
                ? ""
                : said.json().path("detail").path(0).path("type").asText("");
    }
}
