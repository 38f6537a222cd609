package io.mlflowgateway.server.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads OpenAI's chat body: {@code messages}, {@code tools} (and {@code functions}, their older form),
 * {@code tool_choice}, {@code response_format}. What it cannot read is a 400 that names the place.
 */
public final class ChatReader {
    private static final Map<String, Turn.Role> ROLES = Map.of(
            "system", Turn.Role.SYSTEM,
            "developer", Turn.Role.SYSTEM,
            "user", Turn.Role.USER,
            "assistant", Turn.Role.ASSISTANT,
            "tool", Turn.Role.TOOL,
            "function", Turn.Role.TOOL);

    private ChatReader() {}

    public static ChatQuery read(Query query) {
        ObjectNode body = (ObjectNode) CallersTree.of(query.body().bytes());
        List<Turn> turns = new ArrayList<>();
        for (JsonNode message : body.path("messages")) {
            turns.add(turn(message, "messages[" + turns.size() + "]"));
        }
        if (turns.isEmpty()) {
            throw invalid("messages", "must hold at least one message");
        }
        return new ChatQuery(
                turns,
                tools(body),
                toolChoice(body),
                format(body.path("response_format")),
                new Parameters(body, query.temperatureRange()));
    }

    /** The values of a body that is not a chat's. */
    public static Parameters parameters(ObjectNode body, Query.TemperatureRange range) {
        return new Parameters(body, range);
    }

    private static Turn turn(JsonNode message, String at) {
        Turn.Role role = ROLES.get(message.path("role").asText(""));
        if (role == null) {
            throw invalid(at + ".role", "must be one of system, developer, user, assistant, tool");
        }
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
            calls.add(toolCall(call, at + ".tool_calls[" + calls.size() + "]"));
        }
        if (message.hasNonNull("function_call")) {
            calls.add(function("", message.path("function_call"), at + ".function_call"));
        }
        String callId = message.path("tool_call_id").asText("");
        if (role == Turn.Role.TOOL && callId.isEmpty() && !message.hasNonNull("name")) {
            throw invalid(at + ".tool_call_id", "is missing");
        }
        return new Turn(role, PartReader.parts(message.path("content"), at + ".content"), calls, callId, message);
    }

    private static ToolCall toolCall(JsonNode call, String at) {
        if (!call.path("function").isObject()) {
            throw invalid(at, "must be a call of a function");
        }
        return function(call.path("id").asText(""), call.path("function"), at + ".function");
    }

    private static ToolCall function(String id, JsonNode function, String at) {
        String name = function.path("name").asText("");
        if (name.isEmpty()) {
            throw invalid(at + ".name", "is missing");
        }
        JsonNode arguments = function.path("arguments");
        return new ToolCall(id, name, arguments.isObject() ? Json.text(arguments) : arguments.asText(""));
    }

    private static List<Tool> tools(ObjectNode body) {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            String at = "tools[" + tools.size() + "]";
            if (!tool.path("type").asText("function").equals("function")) {
                throw invalid(at + ".type", "must be function: the provider of this route knows no other tools");
            }
            tools.add(tool(tool.path("function"), at + ".function"));
        }
        for (JsonNode function : body.path("functions")) {
            tools.add(tool(function, "functions[" + tools.size() + "]"));
        }
        return tools;
    }

    private static Tool tool(JsonNode function, String at) {
        String name = function.path("name").asText("");
        if (name.isEmpty()) {
            throw invalid(at + ".name", "is missing");
        }
        ObjectNode parameters = function.path("parameters") instanceof ObjectNode given
                ? given
                : JsonNodeFactory.instance.objectNode().put("type", "object").set("properties", empty());
        return new Tool(
                name,
                function.path("description").asText(""),
                parameters,
                function.path("strict").asBoolean(false));
    }

    private static ToolChoice toolChoice(ObjectNode body) {
        boolean parallel = body.path("parallel_tool_calls").asBoolean(true);
        JsonNode choice = body.hasNonNull("tool_choice") ? body.path("tool_choice") : body.path("function_call");
        String name = choice.at("/function/name").asText(choice.path("name").asText(""));
        if (!name.isEmpty()) {
            return new ToolChoice(ToolChoice.Mode.NAMED, name, parallel);
        }
        ToolChoice.Mode mode = switch (choice.asText("")) {
            case "" -> ToolChoice.Mode.UNSET;
            case "auto" -> ToolChoice.Mode.AUTO;
            case "none" -> ToolChoice.Mode.NONE;
            case "required", "any" -> ToolChoice.Mode.REQUIRED;
            default -> throw invalid("tool_choice", "must be auto, none, required or a function by name");
        };
        if (choice.isObject()) {
            throw invalid("tool_choice", "must be auto, none, required or a function by name");
        }
        return new ToolChoice(mode, "", parallel);
    }

    private static ResponseFormat format(JsonNode format) {
        return switch (format.path("type").asText("text")) {
            case "text" -> new ResponseFormat(ResponseFormat.Kind.TEXT, "", empty(), false);
            case "json_object" -> new ResponseFormat(ResponseFormat.Kind.JSON_OBJECT, "", empty(), false);
            case "json_schema" -> schema(format.path("json_schema"));
            default -> throw invalid("response_format.type", "must be text, json_object or json_schema");
        };
    }

    private static ResponseFormat schema(JsonNode given) {
        if (given.path("schema") instanceof ObjectNode schema) {
            String name = given.path("name").asText("answer");
            return new ResponseFormat(
                    ResponseFormat.Kind.JSON_SCHEMA,
                    name,
                    schema,
                    given.path("strict").asBoolean(false));
        }
        throw invalid("response_format.json_schema.schema", "must be a JSON schema");
    }

    private static ObjectNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    static Failure invalid(String at, String what) {
        return Failure.of(Failure.Kind.INVALID_REQUEST, at + " " + what);
    }
}
