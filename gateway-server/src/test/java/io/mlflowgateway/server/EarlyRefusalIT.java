package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.TestGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the head alone decides is answered before any of the body has come, and the connection can be used again. */
class EarlyRefusalIT {
    private final TestGateway gateway = TestGateway.with("""
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model: {provider: echo, name: echo}
            """);

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/chat/completions, application/json, 405",
        "DELETE, /endpoints/chat/invocations, application/json, 405",
        "POST, /v1/models, application/json, 405",
        "POST, /v1/chat/completions, text/plain, 415",
        "POST, /gateway/chat/invocations, application/x-www-form-urlencoded, 415",
        "POST, /v1/embeddings, application/json; charset=latin1, 415",
        "POST, /endpoints/nobody/invocations, application/json, 404",
        "POST, /v2/chat/completions, application/json, 404"
    })
    void a_refusal_does_not_wait_for_the_body(String method, String path, String type, int status) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            RawAnswer refusal = caller.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                            + type + "\r\nContent-Length: 2\r\n\r\n")
                    .answer();
            RawAnswer next = caller.send("{}")
                    .post(
                            "/v1/chat/completions",
                            "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                    .answer();

            assertThat(refusal.status()).isEqualTo(status);
            assertThat(refusal.header("content-type")).startsWith("application/json");
            assertThat(refusal.header("allow").isEmpty()).isEqualTo(status != 405);
            assertThat(next.status()).isEqualTo(200);
        }
    }
}
