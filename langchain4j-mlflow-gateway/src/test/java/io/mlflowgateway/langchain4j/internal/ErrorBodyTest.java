package io.mlflowgateway.langchain4j.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBodyTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'detail':'Not Found'}                                         | Not Found
                    {'error':'Rate limit exceeded: 3 per 1 minute'}                | Rate limit exceeded: 3 per 1 minute
                    {'error':{'message':'slow down','type':'rate_limit_error'}}    | slow down
                    {'detail':{'error_code':'X','message':'inside'}}               | inside
                    {'detail':[{'loc':['body','n'],'msg':'too many','input':'private'}]} | body.n: too many
                    {'object':'error','message':'bare','code':400}                 | bare
                    {'detail':null,'message':'top'}                                | top
                    upstream is down                                               | upstream is down
                    """)
    void the_servers_own_words_are_found(String body, String message) {
        assertThat(read(body.replace('\'', '"')).message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'error':{'message':'m','type':'invalid_request_error','code':'rate_limit_exceeded'}} | 429
                    {'error':{'message':'m','type':'invalid_request_error'}}                              | 400
                    {'error':{'message':'m','type':'server_error','code':'upstream_timeout'}}             | 504
                    {'error':{'message':'m','code':503}}                                                  | 503
                    {'object':'error','message':'m','code':404}                                           | 404
                    {'error':{'message':'m','type':'server_error'}}                                       | 500
                    """)
    void an_error_inside_a_stream_finds_its_status_again(String data, int status) {
        assertThat(ErrorBody.read(data.replace('\'', '"')).statusOr(500)).isEqualTo(status);
    }

    @Test
    void chunks_are_told_from_errors() {
        assertThat(isError("{\"choices\":[],\"error\":null}")).isFalse();
        assertThat(isError("{\"choices\":[],\"detail\":\"x\"}")).isFalse();
        assertThat(isError("{\"object\":\"chat.completion.chunk\"}")).isFalse();
        assertThat(isError("{\"detail\":\"x\"}")).isTrue();
        assertThat(isError("{\"error\":\"x\"}")).isTrue();
        assertThat(isError("{\"object\":\"error\",\"message\":\"x\"}")).isTrue();
    }

    @Test
    void no_words_are_said_so() {
        assertThat(read("").message()).isEqualTo("without a body");
    }

    private static boolean isError(String json) {
        return ErrorBody.isError(Json.parse(json).orElseThrow());
    }

    private static ErrorBody read(String body) {
        ResponseHead head = new ResponseHead(500, Map.of("Content-Type", List.of("application/json")));
        return ErrorBody.read(head, body.getBytes(UTF_8));
    }
}
