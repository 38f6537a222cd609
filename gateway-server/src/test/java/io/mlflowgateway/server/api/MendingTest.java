package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What is mended on the way in, what is looked into, and what a wrong reply becomes on the way out. */
class MendingTest {
    private final TestSurfaces surfaces = new TestSurfaces();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'candidate_count':'2'|'n':2",
                "'candidate_count':' +2 '|'n':2",
                "'candidate_count':'\\u0032'|'n':2",
                "'candidate_count':3.0|'n':3",
                "'candidate_count':20e-1|'n':2",
                "'candidate_count':null|'x':1",
                "'max_tokens':1e2|'max_tokens':100",
                "'max_tokens':'+7'|'max_tokens':7",
                "'n':null|'x':1",
                "'model':null|'x':1",
            })
    void a_classic_number_is_one_to_the_provider_however_it_was_written(String sent, String seen) {
        String prompt = "{\"prompt\":\"a\",\"temperature\":0.5,\"x\":1";

        TestSurfaces.Said said =
                surfaces.post("/gateway/old-completions/invocations", prompt + "," + sent.replace('\'', '"') + "}");

        assertThat(said.status()).as(said.text()).isEqualTo(200);
        String expected = seen.equals("'x':1") ? prompt + "}" : prompt + "," + seen.replace('\'', '"') + "}";
        assertThat(surfaces.lastQuery()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'n':'2'|'n':2",
                "'n':'\\u0032'|'n':2",
                "'max_tokens':1e2|'max_tokens':100",
                "'temperature':'+.5'|'temperature':0.5",
                "'model':null|'x':1",
                "'stream':null|'x':1",
            })
    void a_later_number_is_one_to_the_provider_however_it_was_written(String sent, String seen) {
        String prompt = "{\"prompt\":\"a\",\"x\":1";

        TestSurfaces.Said said =
                surfaces.post("/endpoints/completions/invocations", prompt + "," + sent.replace('\'', '"') + "}");

        assertThat(said.status()).as(said.text()).isEqualTo(200);
        String expected = seen.equals("'x':1") ? prompt + "}" : prompt + "," + seen.replace('\'', '"') + "}";
        assertThat(surfaces.lastQuery()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/endpoints/embeddings/invocations|{'input':['x',7]}|string_type|body/input/1|7",
                "/endpoints/embeddings/invocations|{'input':[1,'日']}|int_type|body/input/1|`\"日\"`",
                "/endpoints/embeddings/invocations|{'input':[[1],2]}|list_type|body/input/1|2",
                "/endpoints/embeddings/invocations|{'input':[[1,'x']]}|int_type|body/input/0/1|`\"x\"`",
                "/endpoints/embeddings/invocations|{'input':[{'a':1}]}|string_type|body/input/0|{\"a\":1}",
                "/endpoints/embeddings/invocations|{'input':null}|string_type|body/input|null",
                "/gateway/old-embeddings/invocations|{'text':['x',[1]]}|string_type|body/text/1|[1]",
                "/endpoints/chat/invocations|{'messages':[{'role':'user','content':['x']}]}|model_attributes_type|body/messages/0/content/0|`\"x\"`",
                "/endpoints/chat/invocations|{'x':'日本','messages':[ {'role':'日'}, {'content':'ñ'} ]}|missing|body/messages/1/role|{\"content\":\"ñ\"}",
            })
    void the_breach_inside_a_list_is_found_at_its_very_place(
            String path, String body, String type, String location, String input) {
        TestSurfaces.Said said = surfaces.post(path, body.replace('\'', '"'));

        var detail = said.json().path("detail");
        assertThat(said.status()).isEqualTo(422);
        assertThat(detail).hasSize(1);
        assertThat(detail.path(0).path("type").asText()).isEqualTo(type);
        assertThat(StreamSupport.stream(detail.path(0).path("loc").spliterator(), false)
                        .map(step -> step.asText())
                        .collect(Collectors.joining("/")))
                .isEqualTo(location);
        assertThat(detail.path(0).path("input").toString()).isEqualTo(input);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/embeddings|{'model':'embeddings','input':'a','stream':true,'user':'u'}|{'model':'embeddings','input':'a','user':'u'}",
                "/endpoints/embeddings/invocations|{'input':'a','stream':true,'stream_options':{}}|{'input':'a'}",
                "/gateway/old-embeddings/invocations|{'text':'a','stream':true,'candidate_count':1}|{'candidate_count':1,'input':'a'}",
            })
    void no_provider_is_asked_to_stream_embeddings(String path, String sent, String seen) {
        assertThat(surfaces.post(path, sent.replace('\'', '"')).status()).isEqualTo(200);

        assertThat(surfaces.lastQuery()).isEqualTo(seen.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[{\"embedding\":\"?\"}]}",
                "{\"data\":[{\"embedding\":\"AAAA\"}]}",
                "{\"data\":[{\"embedding\":7}]}",
                "{\"data\":[{}]}",
                "{\"data\":[7]}",
                "{\"data\":[{\"embedding\":[1],\"index\":99999999999999999999}]}",
                "{\"data\":{}}",
                "{}",
            })
    void vectors_that_are_none_are_the_upstreams_fault(String reply) {
        surfaces.answering(call -> Mono.just(TestSurfaces.whole(reply)));

        TestSurfaces.Said said = surfaces.post("/gateway/old-embeddings/invocations", "{\"text\":\"a\"}");

        assertThat(said.status()).isEqualTo(502);
        assertThat(said.header("x-gateway-error-source")).isEqualTo("upstream");
    }

    @ParameterizedTest
    @ValueSource(strings = {"old-chat", "old-completions"})
    void an_answer_without_choices_is_the_upstreams_fault(String route) {
        surfaces.answering(call -> Mono.just(TestSurfaces.whole("{\"choices\":{}}")));
        String input =
                route.equals("old-chat") ? "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]" : "\"prompt\":\"a\"";

        assertThat(surfaces.post("/gateway/" + route + "/invocations", "{" + input + "}")
                        .status())
                .isEqualTo(502);
    }

    @Test
    void markup_in_a_refusal_is_escaped() {
        TestSurfaces.Said said =
                surfaces.post("/endpoints/completions/invocations", "{\"prompt\":[\"<script>alert(1)</script>\"]}");

        assertThat(said.text()).doesNotContain("<");
        assertThat(said.json().path("detail").path(0).path("input").path(0).textValue())
                .isEqualTo("<script>alert(1)</script>");
    }

    @Test
    void broken_utf_8_is_refused_on_every_surface() {
        byte[] latin = "{\"model\":\"chat\",\"messages\":[{\"role\":\"é\"}]}".getBytes(StandardCharsets.ISO_8859_1);
        var json = java.util.Map.of("content-type", "application/json");

        assertThat(surfaces.ask(TestSurfaces.head("POST", "/v1/chat/completions", json), latin)
                        .status())
                .isEqualTo(400);
        assertThat(surfaces.ask(TestSurfaces.head("POST", "/gateway/chat/invocations", json), latin)
                        .status())
                .isEqualTo(422);
    }

    @Test
    void a_long_list_comes_in_pages_of_3000() {
        var many = java.util.stream.IntStream.range(0, 6_001)
                .mapToObj(i -> surfaces.route("r" + i))
                .toList();
        surfaces.routes.replace(new io.mlflowgateway.server.routing.RouteTable(many, "w"));

        var first = surfaces.get("/api/2.0/endpoints/").json();
        var second = surfaces.get("/api/2.0/endpoints/?page_token="
                        + first.path("next_page_token").asText())
                .json();
        var third = surfaces.get("/api/2.0/endpoints/?page_token="
                        + second.path("next_page_token").asText())
                .json();

        assertThat(first.path("endpoints")).hasSize(3_000);
        assertThat(second.path("endpoints").path(0).path("name").asText()).isEqualTo("r3000");
        assertThat(third.path("endpoints")).hasSize(1);
        assertThat(third.path("next_page_token").isNull()).isTrue();
    }
}
