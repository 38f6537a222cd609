package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.TokenUsage;
import org.junit.jupiter.api.Test;

class TokenUsageTest {

    @Test
    void sums_keep_what_only_our_usage_knows() {
        MlflowGatewayTokenUsage one = new MlflowGatewayTokenUsage(10, 5, 15, 4, 2);
        MlflowGatewayTokenUsage two = new MlflowGatewayTokenUsage(1, 2, 3, null, 1);

        assertThat(TokenUsage.sum(one, two)).isEqualTo(new MlflowGatewayTokenUsage(11, 7, 18, 4, 3));
        assertThat(TokenUsage.sum(new TokenUsage(1, 1), one)).isEqualTo(new MlflowGatewayTokenUsage(11, 6, 17, 4, 2));
        assertThat(one.add(new TokenUsage(1, 1))).isEqualTo(new MlflowGatewayTokenUsage(11, 6, 17, 4, 2));
        assertThat(one.add(null)).isSameAs(one);
    }

    @Test
    void a_missing_total_is_the_sum() {
        assertThat(new MlflowGatewayTokenUsage(3, 4, null, null, null).totalTokenCount())
                .isEqualTo(7);
        assertThat(new MlflowGatewayTokenUsage(null, null, null, null, null).totalTokenCount())
                .isNull();
    }

    @Test
    void metadata_survives_its_builder() {
        MlflowGatewayChatResponseMetadata metadata = MlflowGatewayChatResponseMetadata.builder()
                .id("id")
                .modelName("route")
                .servedModel("model")
                .requestId("req")
                .tokenUsage(new MlflowGatewayTokenUsage(1, 2, 3, null, null))
                .build();

        assertThat(metadata.toBuilder().build()).isEqualTo(metadata);
        assertThat(metadata.toBuilder().requestId("other").build()).isNotEqualTo(metadata);
        assertThat(metadata.toString()).contains("route", "model", "req");
    }
}
