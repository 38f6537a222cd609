package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.embedding.request.DefaultEmbeddingRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddingRequestParametersTest {

    private static final MlflowGatewayEmbeddingRequestParameters FULL =
            MlflowGatewayEmbeddingRequestParameters.builder()
                    .route("full")
                    .dimensions(3)
                    .inputType(EmbeddingInputType.QUERY)
                    .user("user")
                    .customHeaders(Map.of("X-Secret", "hidden-value"))
                    .customParameters(Map.of("c", "hidden-value"))
                    .timeout(Duration.ofSeconds(9))
                    .build();

    private static final EmbeddingRequestParameters PLAIN = DefaultEmbeddingRequestParameters.builder()
            .modelName("plain")
            .dimensions(8)
            .build();

    @Test
    void empty_and_null_change_nothing() {
        assertThat(FULL.overrideWith(MlflowGatewayEmbeddingRequestParameters.EMPTY))
                .isSameAs(FULL);
        assertThat(FULL.overrideWith(null)).isSameAs(FULL);
        assertThat(MlflowGatewayEmbeddingRequestParameters.EMPTY.overrideWith(FULL))
                .isEqualTo(FULL)
                .hasSameHashCodeAs(FULL);
        assertThat(FULL.defaultedBy(null)).isEqualTo(FULL);
        assertThat(MlflowGatewayEmbeddingRequestParameters.EMPTY.presentParameters())
                .isEmpty();
    }

    @Test
    void plain_parameters_on_the_right_win_and_keep_our_own() {
        MlflowGatewayEmbeddingRequestParameters merged = FULL.overrideWith(PLAIN);

        assertThat(merged.route()).isEqualTo("plain");
        assertThat(merged.dimensions()).isEqualTo(8);
        assertThat(merged.user()).isEqualTo("user");
        assertThat(merged.timeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(FULL.defaultedBy(PLAIN)).isEqualTo(FULL);
    }

    @Test
    void plain_parameters_on_the_left_carry_our_own_along() {
        EmbeddingRequestParameters merged = PLAIN.overrideWith(FULL);

        assertThat(merged.modelName()).isEqualTo("full");
        assertThat(merged.parameter(MlflowGatewayEmbeddingRequestParameters.USER))
                .isEqualTo("user");
        assertThat(MlflowGatewayEmbeddingRequestParameters.EMPTY.overrideWith(merged))
                .isEqualTo(FULL);
    }

    @Test
    void what_is_set_to_null_or_to_an_empty_map_is_not_set() {
        MlflowGatewayEmbeddingRequestParameters none = MlflowGatewayEmbeddingRequestParameters.builder()
                .user("user")
                .user(null)
                .customHeaders(Map.of())
                .customParameters(null)
                .timeout(null)
                .build();

        assertThat(none.presentParameters()).isEmpty();
        assertThat(none).isEqualTo(MlflowGatewayEmbeddingRequestParameters.EMPTY);
        assertThat(none.customHeaders()).isEmpty();
        assertThat(FULL.overrideWith(none)).isEqualTo(FULL);
    }

    @Test
    void maps_are_copied_and_keep_null_on_purpose() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("encoding_format", null);
        MlflowGatewayEmbeddingRequestParameters parameters = MlflowGatewayEmbeddingRequestParameters.builder()
                .customParameters(fields)
                .build();

        fields.put("late", 1);

        assertThat(parameters.customParameters()).containsOnlyKeys("encoding_format");
        assertThat(parameters.fields()).containsEntry("encoding_format", null);
    }

    @Test
    void values_of_maps_are_not_printed_on_any_way() {
        assertThat(FULL.toString()).contains("X-Secret", "full").doesNotContain("hidden-value");
        assertThat(PLAIN.overrideWith(FULL).toString()).contains("X-Secret").doesNotContain("hidden-value");
    }

    @Test
    void values_of_maps_that_were_set_by_their_parameter_are_not_printed_either() {
        EmbeddingRequestParameters plain = DefaultEmbeddingRequestParameters.builder()
                .set(MlflowGatewayEmbeddingRequestParameters.CUSTOM_HEADERS, Map.of("X-Secret", "hidden-value"))
                .build();

        MlflowGatewayEmbeddingRequestParameters set = MlflowGatewayEmbeddingRequestParameters.builder()
                .set(MlflowGatewayEmbeddingRequestParameters.CUSTOM_HEADERS, Map.of("X-Secret", "hidden-value"))
                .build();
        MlflowGatewayEmbeddingRequestParameters merged =
                MlflowGatewayEmbeddingRequestParameters.EMPTY.overrideWith(plain);

        assertThat(set.toString()).contains("X-Secret").doesNotContain("hidden-value");
        assertThat(merged.toString()).contains("X-Secret").doesNotContain("hidden-value");
        assertThat(merged.customHeaders()).containsEntry("X-Secret", "hidden-value");
    }

    @Test
    void own_fields_of_the_body_win() {
        MlflowGatewayEmbeddingRequestParameters parameters =
                FULL.overrideWith(MlflowGatewayEmbeddingRequestParameters.builder()
                        .customParameters(Map.of("input_type", "passage"))
                        .build());

        assertThat(FULL.fields())
                .isEqualTo(Map.of("dimensions", 3, "input_type", "query", "user", "user", "c", "hidden-value"));
        assertThat(parameters.fields()).containsEntry("input_type", "passage").doesNotContainKey("c");
    }
}
