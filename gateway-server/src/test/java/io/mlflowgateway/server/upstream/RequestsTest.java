package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.query.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    @Test
    void a_request_is_one_buffer() {
        String request = written("https://api.test/v1/chat", Map.of("Authorization", "Bearer fake"), "{\"q\":\"é\"}");

        assertThat(request)
                .startsWith("POST /v1/chat HTTP/1.1\r\nhost: api.test\r\nuser-agent: mlflow-gateway-java/")
                .endsWith("Authorization: Bearer fake\r\ncontent-length: 10\r\n\r\n{\"q\":\"é\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "http://api.test/, api.test",
        "http://api.test:80/, api.test",
        "http://api.test:443/, api.test:443",
        "https://api.test:443/, api.test",
        "http://[::1]:8080/, [::1]:8080"
    })
    void the_host_has_its_port_unless_it_is_the_schemes_own(String url, String host) {
        assertThat(written(url, Map.of(), "{}")).contains("\r\nhost: " + host + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Host", "content-length", "Transfer-Encoding", "Connection", "User-Agent", "", "a b", "a:", "ä"})
    void what_the_transport_says_or_no_header_is_named_like_is_not_sent(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> written("http://api.test/", Map.of(name, "x"), "{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fake\r\nX-More: 1", "fake\n", "fake\u0000"})
    void a_value_that_cannot_stand_in_a_head_is_neither_sent_nor_told(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> written("http://api.test/", Map.of("Authorization", value), "{}"))
                .withMessageContaining("Authorization")
                .withMessageNotContaining("fake");
    }

    @Test
    void a_form_says_that_it_is_one_and_takes_json_back() {
        UpstreamRequest request =
                UpstreamRequest.form("http://api.test/token", Map.of(), Payload.of(new byte[] {'a', '=', 'b'}));

        String written = written(request);

        assertThat(written)
                .startsWith("POST /token HTTP/1.1\r\nhost: api.test\r\n")
                .contains("\r\ncontent-type: application/x-www-form-urlencoded\r\naccept: application/json\r\n")
                .doesNotContain("content-type: application/json")
                .endsWith("\r\ncontent-length: 3\r\n\r\na=b");
    }

    private static String written(String url, Map<String, String> headers, String body) {
        return written(new UpstreamRequest(url, headers, body.getBytes(StandardCharsets.UTF_8), false));
    }

    private static String written(UpstreamRequest request) {
        URI uri = URI.create(request.url());
        ByteBuf bytes = new Requests(Place.of(uri), uri.getRawPath()).encode(request, UnpooledByteBufAllocator.DEFAULT);
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.release();
        return text;
    }
}
