package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat request on the wire: OpenAI's shape (API reference, "Create chat completion") without {@code model}, which MLflow
 * refuses as the path names the route; or MLflow 2.8's classic shape made from it.
 */
public final class ChatBody {

    private final ObjectNode body = Json.object();
    private final ChatOptions options;

    private ChatBody(ChatOptions options) {
        this.options = options;
    }

    /**
     * Writes a request.
     *
     * @param request with its merged parameters
     * @param extra more fields under their wire names; they win
     * @param options of the model
     * @return the body; fails with {@link UnsupportedFeatureException} on what cannot be said
     */
    public static ChatBody of(ChatRequest request, Map<String, Object> extra, ChatOptions options) {
        ChatBody written = new ChatBody(options);
        ArrayNode messages = written.body.putArray("messages");
        MessageWriter writer = new MessageWriter(options.thinkingField());
        request.messages().forEach(message -> messages.add(writer.write(message)));
        written.parameters(request.parameters());
        extra.forEach((name, value) -> written.body.set(name, Json.tree(value)));
        return written;
    }

    /** {@return the body of a call for a whole answer} */
    public RouteBody whole() {
        return shape -> Json.bytes(shape == WireShape.CLASSIC ? classic() : body);
    }

    /** The body of a call for a stream; usage is asked for, as it is otherwise not told. */
    byte[] streamed() {
        ObjectNode streamed = body.deepCopy();
        streamed.put("stream", true);
        if (!streamed.has("stream_options")) {
            streamed.putObject("stream_options").put("include_usage", true);
        }
        return Json.bytes(streamed);
    }

    private ObjectNode classic() {
        if (body.has("tools")) {
            throw new UnsupportedFeatureException(
                    "The routes API of MLflow 2.5 to 2.8 does not support tools, tool calls cannot come back");
        }
        ObjectNode classic = body.deepCopy();
        JsonNode count = classic.remove("n");
        if (count != null) {
            classic.set("candidate_count", count);
        }
        classic.path("messages").forEach(ChatBody::asText);
        return classic;
    }

    /** Classic messages are texts: parts that are all text are joined, and others refused. */
    private static void asText(JsonNode message) {
        JsonNode content = message.path("content");
        if (content.isArray() && message instanceof ObjectNode object) {
            StringBuilder text = new StringBuilder();
            for (JsonNode part : content) {
                String words = Json.text(part, "text")
                        .orElseThrow(() -> new UnsupportedFeatureException(
                                "The routes API of MLflow 2.5 to 2.8 does not support content other than text"));
                text.append(text.isEmpty() ? "" : "\n").append(words);
            }
            object.put("content", text.toString());
        }
    }

    private void parameters(ChatRequestParameters parameters) {
        put("temperature", parameters.temperature());
        put("top_p", parameters.topP());
        put("top_k", parameters.topK());
        put("frequency_penalty", parameters.frequencyPenalty());
        put("presence_penalty", parameters.presencePenalty());
        put("max_tokens", parameters.maxOutputTokens());
        List<String> stop = parameters.stopSequences();
        put("stop", stop == null || stop.isEmpty() ? null : stop);
        List<ToolSpecification> tools = parameters.toolSpecifications();
        if (tools != null && !tools.isEmpty()) {
            ArrayNode array = body.putArray("tools");
            tools.forEach(tool -> array.add(tool(tool)));
        }
        if (parameters.toolChoice() != null) {
            body.put("tool_choice", parameters.toolChoice().name().toLowerCase(Locale.ROOT));
        }
        ResponseFormat format = parameters.responseFormat();
        if (format != null && format.type() == ResponseFormatType.JSON) {
            body.set("response_format", format(format.jsonSchema()));
        }
    }

    private ObjectNode tool(ToolSpecification tool) {
        boolean strict = tool.strict() == null ? options.strictTools() : tool.strict();
        ObjectNode function = Json.object().put("name", tool.name());
        if (tool.description() != null) {
            function.put("description", tool.description());
        }
        function.set("parameters", new SchemaWriter(strict).parameters(tool.parameters()));
        if (strict) {
            function.put("strict", true);
        }
        return Json.object().put("type", "function").set("function", function);
    }

    private ObjectNode format(@Nullable JsonSchema schema) {
        if (schema == null) {
            return Json.object().put("type", "json_object");
        }
        boolean strict = options.strictJsonSchema();
        ObjectNode described = Json.object().put("name", schema.name() == null ? "answer" : schema.name());
        described.put("strict", strict);
        described.set("schema", new SchemaWriter(strict).write(schema.rootElement(), true));
        return Json.object().put("type", "json_schema").set("json_schema", described);
    }

    private void put(String name, @Nullable Object value) {
        if (value != null) {
            body.set(name, Json.tree(value));
        }
    }
}
