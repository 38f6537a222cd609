package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ResponseMetadataTest {

    private static final MlflowGatewayChatResponseMetadata FULL = MlflowGatewayChatResponseMetadata.builder()
            .id("id")
            .modelName("route")
            .finishReason(FinishReason.STOP)
            .tokenUsage(new MlflowGatewayTokenUsage(1, 2, 3, null, null))
            .provider("openai")
            .servedModel("model")
            .requestId("req")
            .traceId("tr-1")
            .attempts(2)
            .cached(true)
            .latency(new MlflowGatewayLatency(Duration.ofMillis(5), Duration.ofMillis(1), Duration.ofMillis(4)))
            .limitState(new MlflowGatewayLimitState(
                    new MlflowGatewayLimitState.Window(10L, 3L, Duration.ofSeconds(9)), null))
            .rawUsage(Map.of("cost", 1))
            .extras(Map.of("service_tier", "flex"))
            .build();

    @Test
    void everything_survives_the_builder() {
        assertThat(FULL.toBuilder().build()).isEqualTo(FULL).hasSameHashCodeAs(FULL);
        assertThat(FULL.toBuilder().build().toString()).isEqualTo(FULL.toString());
    }

    @Test
    void each_field_counts_and_is_printed() {
        List<UnaryOperator<MlflowGatewayChatResponseMetadata.Builder>> changes = List.of(
                metadata -> metadata.id("changed"),
                metadata -> metadata.modelName("changed"),
                metadata -> metadata.provider("changed"),
                metadata -> metadata.servedModel("changed"),
                metadata -> metadata.requestId("changed"),
                metadata -> metadata.traceId("changed"),
                metadata -> metadata.attempts(4711),
                metadata -> metadata.cached(false),
                metadata -> metadata.latency(null),
                metadata -> metadata.limitState(null),
                metadata -> metadata.rawUsage(Map.of()),
                metadata -> metadata.extras(null));

        for (UnaryOperator<MlflowGatewayChatResponseMetadata.Builder> change : changes) {
            MlflowGatewayChatResponseMetadata changed =
                    change.apply(FULL.toBuilder()).build();
            assertThat(changed).isNotEqualTo(FULL);
            assertThat(changed.toString()).isNotEqualTo(FULL.toString());
            assertThat(changed.toBuilder().build()).isEqualTo(changed);
        }
    }

    @Test
    void a_plain_usage_is_handed_out_as_ours() {
        MlflowGatewayChatResponseMetadata metadata = MlflowGatewayChatResponseMetadata.builder()
                .tokenUsage(new TokenUsage(1, 2))
                .build();

        assertThat(metadata.tokenUsage()).isEqualTo(new MlflowGatewayTokenUsage(1, 2, 3, null, null));
    }

    @Test
    void maps_are_copied_and_may_hold_null() {
        Map<String, Object> told = new HashMap<>();
        told.put("service_tier", null);
        MlflowGatewayChatResponseMetadata metadata =
                MlflowGatewayChatResponseMetadata.builder().extras(told).build();

        told.put("late", 1);

        assertThat(metadata.extras()).containsOnlyKeys("service_tier");
    }

    @Test
    void equal_amounts_are_equal_costs() {
        assertThat(new MlflowGatewayCost(new BigDecimal("0.10"), "USD"))
                .isEqualTo(new MlflowGatewayCost(new BigDecimal("0.1"), "USD"))
                .hasToString("0.1 USD");
        assertThat(new MlflowGatewayCost(new BigDecimal("0.000"), "USD")).hasToString("0 USD");
    }
}
