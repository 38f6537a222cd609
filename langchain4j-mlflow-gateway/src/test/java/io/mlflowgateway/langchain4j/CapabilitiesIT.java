package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a model claims to be able to do, and how it came to know. */
class CapabilitiesIT {

    @Test
    void the_routes_description_says_it_and_is_asked_for_once_when_wanted() throws Exception {
        try (StubGateway gateway = describing("{\"name\":\"chat\",\"capabilities\":[\"telepathy\",\"json_schema\"]}")) {
            MlflowGatewayChatModel model = model(gateway).build();
            MlflowGatewayStreamingChatModel streaming = MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .build();
            assertThat(gateway.seen()).isEmpty();

            assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            assertThat(model.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
            assertThat(streaming.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);

            assertThat(gateway.seen().stream().map(StubGateway.Seen::path))
                    .containsExactly("/api/2.0/gateway/routes/chat", "/api/2.0/gateway/routes/chat");
        }
    }

    @Test
    void what_the_user_says_is_not_asked_for() throws Exception {
        try (StubGateway gateway = describing("{\"capabilities\":[\"json_schema\"]}")) {
            assertThat(model(gateway).supportedCapabilities(Set.of()).build().supportedCapabilities())
                    .isEmpty();
            assertThat(model(gateway)
                            .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                            .build()
                            .supportedCapabilities())
                    .hasSize(1);
            assertThat(gateway.seen()).isEmpty();
        }
    }

    @Test
    void a_description_that_says_nothing_claims_nothing() throws Exception {
        for (String description :
                List.of("{}", "{\"capabilities\":null}", "{\"capabilities\":\"json_schema\"}", "[]")) {
            try (StubGateway gateway = describing(description)) {
                assertThat(model(gateway).build().supportedCapabilities())
                        .as(description)
                        .isEmpty();
            }
        }
        assertThat(MlflowGatewayChatModel.builder()
                        .baseUrl("http://127.0.0.1:1")
                        .build()
                        .supportedCapabilities())
                .as("no route")
                .isEmpty();
    }

    @Test
    void a_server_that_does_not_answer_is_waited_for_once_and_not_long() throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.hold())) {
            MlflowGatewayChatModel model = model(gateway).build();

            long began = System.nanoTime();
            assertThat(model.supportedCapabilities()).isEmpty();
            assertThat(model.supportedCapabilities()).isEmpty();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            assertThat(gateway.seen()).hasSize(1);
        }
    }

    private static StubGateway describing(String description) {
        return new StubGateway((request, wire) -> wire.json(200, description));
    }

    private static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder model(StubGateway gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .maxRetries(0);
    }
}
