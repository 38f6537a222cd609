package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatRequestParametersTest {

    private static final MlflowGatewayChatRequestParameters FULL = MlflowGatewayChatRequestParameters.builder()
            .route("full")
            .temperature(0.1)
            .topP(0.2)
            .topK(3)
            .frequencyPenalty(0.4)
            .presencePenalty(0.5)
            .maxOutputTokens(6)
            .stopSequences("stop")
            .toolSpecifications(ToolSpecification.builder().name("tool").build())
            .toolChoice(ToolChoice.AUTO)
            .responseFormat(ResponseFormat.JSON)
            .seed(7)
            .user("user")
            .n(2)
            .reasoningEffort("low")
            .parallelToolCalls(true)
            .logprobs(true)
            .topLogprobs(3)
            .maxCompletionTokens(64)
            .serviceTier("flex")
            .store(true)
            .logitBias(Map.of("50256", -100))
            .metadata(Map.of("a", "b"))
            .customHeaders(Map.of("X-Secret", "hidden-value"))
            .customParameters(Map.of("c", 1))
            .timeout(Duration.ofSeconds(9))
            .build();

    @Test
    void empty_changes_nothing_on_either_side() {
        MlflowGatewayChatRequestParameters empty = MlflowGatewayChatRequestParameters.EMPTY;

        assertThat(FULL.overrideWith(empty)).isEqualTo(FULL);
        assertThat(empty.overrideWith(FULL)).isEqualTo(FULL);
        assertThat(FULL.defaultedBy(empty)).isEqualTo(FULL);
        assertThat(empty.defaultedBy(FULL)).isEqualTo(FULL);
    }

    @Test
    void plain_parameters_keep_our_own_fields_on_either_side() {
        ChatRequestParameters plain = DefaultChatRequestParameters.builder()
                .modelName("plain")
                .temperature(0.9)
                .build();

        assertThat(FULL.overrideWith(plain).route()).isEqualTo("plain");
        assertThat(FULL.overrideWith(plain).seed()).isEqualTo(7);
        assertThat(FULL.overrideWith(plain).timeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(plain.overrideWith(FULL)).isEqualTo(FULL);
        assertThat(((MlflowGatewayChatRequestParameters) plain.defaultedBy(FULL)).user())
                .isEqualTo("user");
        assertThat(plain.defaultedBy(FULL).temperature()).isEqualTo(0.9);
    }

    @Test
    void each_of_our_fields_is_overridden_by_itself() {
        MlflowGatewayChatRequestParameters other = MlflowGatewayChatRequestParameters.builder()
                .seed(8)
                .user("other")
                .n(3)
                .reasoningEffort("high")
                .parallelToolCalls(false)
                .logprobs(false)
                .topLogprobs(4)
                .maxCompletionTokens(65)
                .serviceTier("auto")
                .store(false)
                .logitBias(Map.of("1", 1))
                .metadata(Map.of("x", "y"))
                .customHeaders(Map.of("X-Other", "1"))
                .customParameters(Map.of("d", 2))
                .timeout(Duration.ofSeconds(1))
                .build();

        MlflowGatewayChatRequestParameters merged = FULL.overrideWith(other);

        assertThat(merged.extraFields()).isEqualTo(other.extraFields());
        assertThat(merged.customHeaders()).containsExactly(Map.entry("X-Other", "1"));
        assertThat(merged.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(merged.temperature()).isEqualTo(0.1);
        assertThat(merged).isNotEqualTo(FULL).isEqualTo(other.defaultedBy(FULL));
        assertThat(merged.hashCode()).isEqualTo(other.defaultedBy(FULL).hashCode());
    }

    @Test
    void maps_are_copied_and_may_hold_null_on_purpose() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("logit_bias", null);

        MlflowGatewayChatRequestParameters parameters = MlflowGatewayChatRequestParameters.builder()
                .customParameters(fields)
                .build();
        fields.put("late", 1);

        assertThat(parameters.customParameters()).containsOnlyKeys("logit_bias");
        assertThat(parameters.extraFields()).containsEntry("logit_bias", null);
    }

    @Test
    void values_of_headers_are_not_printed() {
        assertThat(FULL.toString()).contains("X-Secret").doesNotContain("hidden-value");
    }

    @Test
    void a_builders_own_setting_beats_its_default_parameters() {
        MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                .baseUrl("http://127.0.0.1:1")
                .defaultRequestParameters(FULL)
                .temperature(0.7)
                .route("mine")
                .build();

        assertThat(model.defaultRequestParameters().temperature()).isEqualTo(0.7);
        assertThat(model.defaultRequestParameters().route()).isEqualTo("mine");
        assertThat(model.defaultRequestParameters().seed()).isEqualTo(7);
        assertThat(model.defaultRequestParameters().stopSequences()).isEqualTo(List.of("stop"));
    }
}
