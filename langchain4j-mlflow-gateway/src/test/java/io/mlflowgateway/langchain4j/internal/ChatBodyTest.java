package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of a request depends on more than one setting. */
class ChatBodyTest {

    private static final ChatOptions LAX = new ChatOptions(false, false, false, Optional.empty());
    private static final ChatOptions STRICT = new ChatOptions(true, true, false, Optional.empty());

    private static final JsonObjectSchema CITY = JsonObjectSchema.builder()
            .addStringProperty("city")
            .addStringProperty("country")
            .required("city")
            .build();

    @Test
    void every_tool_choice_has_its_word() {
        for (ToolChoice choice : ToolChoice.values()) {
            ChatRequest request =
                    request().toolSpecifications(tool(null)).toolChoice(choice).build();

            assertThat(written(request, LAX).path("tool_choice").asText())
                    .isEqualTo(choice.name().toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void json_without_a_schema_is_json_mode() {
        JsonNode body = written(request().responseFormat(ResponseFormat.JSON).build(), LAX);

        assertThat(Json.map(body.path("response_format"))).isEqualTo(Map.of("type", "json_object"));
        assertThat(written(request().responseFormat(ResponseFormat.TEXT).build(), LAX)
                        .has("response_format"))
                .isFalse();
    }

    @Test
    void a_schema_is_followed_exactly_only_where_that_is_asked_for() {
        ChatRequest request = request()
                .responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder()
                                .name("City")
                                .rootElement(CITY)
                                .build())
                        .build())
                .build();

        JsonNode lax = written(request, LAX).path("response_format").path("json_schema");
        JsonNode strict = written(request, STRICT).path("response_format").path("json_schema");

        assertThat(lax.path("strict").asBoolean()).isFalse();
        assertThat(lax.path("schema").path("required")).hasSize(1);
        assertThat(strict.path("strict").asBoolean()).isTrue();
        assertThat(strict.path("schema").path("required")).hasSize(2);
        assertThat(strict.path("schema").path("additionalProperties").asBoolean(true))
                .isFalse();
        assertThat(strict.path("name").asText()).isEqualTo("City");
    }

    @Test
    void a_tools_own_strictness_wins_over_the_models() {
        assertThat(function(tool(null), LAX).has("strict")).isFalse();
        assertThat(function(tool(null), STRICT).path("strict").asBoolean()).isTrue();
        assertThat(function(tool(false), STRICT).has("strict")).isFalse();
        assertThat(function(tool(true), LAX).path("strict").asBoolean()).isTrue();
        assertThat(function(tool(true), LAX).path("parameters").path("required"))
                .hasSize(2);
    }

    @Test
    void stop_texts_are_a_list_and_none_are_not_sent() {
        assertThat(written(request().stopSequences(List.of("a", "b")).build(), LAX)
                        .path("stop"))
                .hasSize(2);
        assertThat(written(request().build(), LAX).has("stop")).isFalse();
    }

    private static JsonNode function(ToolSpecification tool, ChatOptions options) {
        return written(request().toolSpecifications(tool).build(), options)
                .path("tools")
                .path(0)
                .path("function");
    }

    private static ToolSpecification tool(@Nullable Boolean strict) {
        return ToolSpecification.builder()
                .name("weather")
                .parameters(CITY)
                .strict(strict)
                .build();
    }

    private static ChatRequest.Builder request() {
        return ChatRequest.builder().messages(UserMessage.from("hi"));
    }

    private static JsonNode written(ChatRequest request, ChatOptions options) {
        byte[] bytes = ChatBody.of(request, Map.of(), options).whole().bytes(WireShape.OPENAI);
        return Json.parse(bytes).orElseThrow();
    }
}
