package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.server.Gateway;
import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import io.mlflowgateway.server.provider.Providers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

// tag::embedded[]
/** Tests an application's models against a gateway in the same process, offline. */
class EmbeddedGatewayIT {
    private static final String ROUTES = """
            endpoints:
              - name: chat
                endpoint_type: llm/v1/chat
                model: {provider: echo, name: any}
              - name: busy
                endpoint_type: llm/v1/chat
                model: {provider: echo, name: any}
                limit: {calls: 1, renewal_period: year}
            """;

    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        GatewayConfig routes = new ConfigReader(new Providers().specs(), Map.of())
                .read("gateway.yaml", ROUTES.getBytes(StandardCharsets.UTF_8));
        gateway = Gateway.start(
                routes,
                new ServerConfigReader(Map.of(), 1)
                        .read(Map.of("port", "0"), Map.of())
                        .config());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void a_question_is_answered() {
        String answer = model("chat").chat("Who wrote Faust?");

        assertThat(answer).isEqualTo("echo: Who wrote Faust?");
    }

    @Test
    void too_many_calls_are_refused() {
        ChatModel model = model("busy");
        model.chat("first");

        assertThatThrownBy(() -> model.chat("second")).isInstanceOf(RateLimitException.class);
    }

    private static ChatModel model(String route) {
        return MlflowGatewayChatModel.builder()
                .baseUrl("http://127.0.0.1:" + gateway.port())
                .route(route)
                .maxRetries(0)
                .build();
    }
}
// end::embedded[]
