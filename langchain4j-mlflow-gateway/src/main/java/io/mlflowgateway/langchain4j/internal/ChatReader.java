package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads whole answers of chat routes, in either shape: {@code choices}, or {@code candidates} of MLflow 2.5 to 2.8. */
public final class ChatReader {

    private final boolean returnThinking;

    /**
     * A reader for one model.
     *
     * @param options of the model
     */
    public ChatReader(ChatOptions options) {
        this.returnThinking = options.returnThinking();
    }

    /**
     * Reads an answer.
     *
     * @param answer as it came
     * @return what it says
     */
    public ChatAnswer read(WholeAnswer answer) {
        return answer.read(json -> read(json, answer.head()));
    }

    private ChatAnswer read(JsonNode json, ResponseHead head) {
        // Not by what was asked for: a server may have been replaced by a newer one behind the same address.
        boolean classic = json.has("candidates");
        JsonNode first = json.path(classic ? "candidates" : "choices").path(0);
        JsonNode message = first.path("message");
        if (!message.isObject()) {
            throw new UnreadableAnswer("the answer holds no message: is this a chat route?");
        }
        Json.words(message, "refusal").ifPresent(refusal -> {
            throw new WithheldAnswer(WithheldAnswer.By.MODEL, refusal);
        });
        JsonNode metadata = json.path("metadata");
        JsonNode finish = classic ? first.path("metadata").path("finish_reason") : first.path("finish_reason");
        AiMessage said = message(message);
        if (FinishReasons.of(finish) == FinishReason.TOOL_EXECUTION && !said.hasToolExecutionRequests()) {
            throw new UnreadableAnswer("the answer calls a tool, but says not which");
        }
        return new ChatAnswer(
                said,
                FinishReasons.of(finish),
                classic ? UsageCounts.classic(metadata) : UsageCounts.openAi(json.path("usage")),
                Json.text(json, "id").orElse(null),
                Json.text(classic ? metadata : json, "model").orElse(null),
                head,
                extras(json, first));
    }

    private static Map<String, Object> extras(JsonNode json, JsonNode choice) {
        Extras extras = new Extras();
        extras.take(json);
        extras.takeLikelihoods(choice);
        return extras.all();
    }

    private AiMessage message(JsonNode message) {
        AiMessage.Builder builder = AiMessage.builder();
        text(message.path("content")).ifPresent(builder::text);
        if (returnThinking) {
            thinking(message).ifPresent(builder::thinking);
        }
        List<ToolExecutionRequest> calls = new ArrayList<>();
        message.path("tool_calls").forEach(call -> calls.add(toolCall(call)));
        if (message.path("function_call").isObject()) {
            calls.add(function(message.path("function_call"), Optional.empty()));
        }
        return builder.toolExecutionRequests(calls).build();
    }

    /** Text, or parts of which some are text. */
    static Optional<String> text(JsonNode content) {
        if (content.isArray()) {
            StringBuilder joined = new StringBuilder();
            content.forEach(part -> joined.append(Json.text(part, "text").orElse("")));
            return Optional.of(joined.toString());
        }
        return content.isTextual() ? Optional.of(content.textValue()) : Optional.empty();
    }

    /** Reasoning text has no agreed name. */
    static Optional<String> thinking(JsonNode message) {
        return Json.words(message, "reasoning_content").or(() -> Json.words(message, "reasoning"));
    }

    private static ToolExecutionRequest toolCall(JsonNode call) {
        return function(call.path("function"), Json.words(call, "id"));
    }

    private static ToolExecutionRequest function(JsonNode function, Optional<String> id) {
        String name = Json.words(function, "name")
                .orElseThrow(() -> new UnreadableAnswer("the answer calls a tool without a name"));
        JsonNode arguments = function.path("arguments");
        String text = arguments.isTextual() ? arguments.textValue() : arguments.isObject() ? arguments.toString() : "";
        ToolExecutionRequest.Builder request =
                ToolExecutionRequest.builder().name(name).arguments(text.isBlank() ? "{}" : text);
        id.ifPresent(request::id);
        return request.build();
    }
}
