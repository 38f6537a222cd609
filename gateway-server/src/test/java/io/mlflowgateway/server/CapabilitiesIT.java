package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.TestGateway;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is claimed of a route's model stands in every description of it, and nothing where nothing is claimed. */
class CapabilitiesIT {

    @Test
    void descriptions_tell_what_was_configured_and_no_more() {
        try (TestGateway gateway = TestGateway.with("""
                endpoints:
                  - name: able
                    endpoint_type: llm/v1/chat
                    model: {provider: echo}
                    capabilities: [json_schema]
                  - name: plain
                    endpoint_type: llm/v1/chat
                    model: {provider: echo}
                """)) {
            for (String list : List.of("/api/2.0/gateway/routes/", "/api/2.0/endpoints/")) {
                assertThat(gateway.get(list + "able").body()).contains("\"capabilities\":[\"json_schema\"]");
                assertThat(gateway.get(list + "plain").body()).doesNotContain("capabilities");
                assertThat(gateway.get(list).body()).containsOnlyOnce("\"capabilities\":[\"json_schema\"]");
            }
            assertThat(gateway.get("/health/config/routes").body())
                    .containsOnlyOnce("\"capabilities\":[\"json_schema\"]");
        }
    }
}
