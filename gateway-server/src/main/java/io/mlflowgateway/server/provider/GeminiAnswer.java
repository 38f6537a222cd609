package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.ChatAnswer;
import io.mlflowgateway.server.provider.chat.Finish;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@code GenerateContentResponse}, and a refusal in Google's form. */
final class GeminiAnswer {
    /** A duration as protobuf's JSON has it. */
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(?:\\.\\d{1,9})?s");

    /** A refusal is no longer. */
    private static final int MOST_BYTES = 256 * 1024;

    private GeminiAnswer() {}

    static Reply.Whole read(byte[] json, Attempt attempt) {
        JsonNode answer = JsonObjects.ofAnswer(json);
        if (answer.has("error")) {
            throw Refusals.ofErrorMember(answer.path("error"), attempt.settings());
        }
        ChatAnswer chat = new ChatAnswer(
                id(answer, attempt), model(answer, attempt), attempt.now().getEpochSecond());
        String blocked = blocked(answer);
        if (!blocked.isEmpty()) {
            chat.choice().finish(Finish.CONTENT_FILTER, blocked);
            return chat.reply(usage(answer.path("usageMetadata")));
        }
        if (!answer.path("candidates").isArray()) {
            throw JsonObjects.invalidAnswer("has no 'candidates' array");
        }
        for (JsonNode candidate : answer.path("candidates")) {
            choice(candidate, chat.choice(), id(answer, attempt));
        }
        return chat.reply(usage(answer.path("usageMetadata")));
    }

    private static void choice(JsonNode candidate, ChatAnswer.Choice choice, String id) {
        int calls = 0;
        for (JsonNode part : candidate.at("/content/parts")) {
            if (part.has("functionCall")) {
                String callId = callId(id, candidate.path("index").asInt(0), calls++, part);
                JsonNode call = part.path("functionCall");
                choice.toolCall(callId, call.path("name").asText(""), arguments(call));
            } else if (part.path("thought").asBoolean(false)) {
                choice.reasoning(part.path("text").asText(""));
            } else if (part.path("text").isTextual()) {
                choice.text(part.path("text").asText());
            }
        }
        String reason = candidate.path("finishReason").asText("");
        if (reason.isEmpty()) {
            throw JsonObjects.invalidAnswer("has a candidate without an end");
        }
        choice.finish(finish(reason, choice.hasToolCalls()), reason);
    }

    /** What a call is named by: the API's own id where it gives one, and the signature of the thought behind it. */
    static String callId(String answerId, int choice, int number, JsonNode part) {
        String made = "call_" + answerId.replaceAll("[^A-Za-z0-9_-]", "") + "_" + choice + "_" + number;
        String id = part.path("functionCall").path("id").asText(made);
        return new ThoughtSignature(id, part.path("thoughtSignature").asText("")).inId();
    }

    static String arguments(JsonNode call) {
        return call.path("args").isObject() ? Json.text(call.path("args")) : "{}";
    }

    /** An answer without a name is named by its instant: what is called in it must not be named as in another answer. */
    static String id(JsonNode answer, Attempt attempt) {
        Instant now = attempt.now();
        String made = Long.toString(now.getEpochSecond(), 36) + "n" + Integer.toString(now.getNano(), 36);
        return answer.path("responseId").asText("chatcmpl-" + made);
    }

    static String model(JsonNode answer, Attempt attempt) {
        return answer.path("modelVersion").asText(attempt.model());
    }

    /** Why the prompt was not answered at all; empty where it was. */
    static String blocked(JsonNode answer) {
        return answer.path("candidates").isEmpty()
                ? answer.at("/promptFeedback/blockReason").asText("")
                : "";
    }

    /** Throws for a reason that is no end of an answer: the model made something nobody can use. */
    static Finish finish(String reason, boolean hasToolCalls) {
        return switch (reason) {
            case "STOP" -> hasToolCalls ? Finish.TOOL_CALLS : Finish.STOP;
            case "MAX_TOKENS" -> Finish.LENGTH;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION",
                    "IMAGE_OTHER",
                    "MODEL_ARMOR",
                    "ESCALATION" -> Finish.CONTENT_FILTER;
            case "MALFORMED_FUNCTION_CALL",
                    "MALFORMED_RESPONSE",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MISSING_THOUGHT_SIGNATURE",
                    "OTHER",
                    "LANGUAGE",
                    "PUP_LIMITED_DISABLED",
                    "CONTINUATION" ->
                throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's model failed to answer: " + reason);
            default -> Finish.UNKNOWN;
        };
    }

    /** Google counts thoughts apart from the answer, and what came from a cache as part of the prompt. */
    static Usage usage(JsonNode usage) {
        long prompt = UsageScan.count(usage, "promptTokenCount");
        long cached = Math.min(UsageScan.count(usage, "cachedContentTokenCount"), prompt);
        return new Usage(
                prompt - cached + UsageScan.count(usage, "toolUsePromptTokenCount"),
                cached,
                0,
                UsageScan.count(usage, "candidatesTokenCount"),
                UsageScan.count(usage, "thoughtsTokenCount"),
                0,
                0,
                0,
                false);
    }

    /** A refusal may stand in a list, and says in its details when to come again. */
    static Failure refusal(Attempt attempt, UpstreamResponse.Whole response) {
        Optional<JsonNode> document =
                response.body().length > MOST_BYTES ? Optional.empty() : document(response.body());
        if (document.isEmpty()) {
            return Refusals.of(response, attempt.settings());
        }
        UpstreamResponse.Whole unwrapped = new UpstreamResponse.Whole(
                response.status(), response.retryAfter(), response.contentType(), Json.bytes(document.get()));
        Failure failure = Refusals.of(unwrapped, attempt.settings());
        for (JsonNode detail : document.get().at("/error/details")) {
            Matcher seconds = SECONDS.matcher(detail.path("retryDelay").asText(""));
            if (seconds.matches()) {
                return failure.retryAfter(seconds.group(1));
            }
        }
        return failure;
    }

    private static Optional<JsonNode> document(byte[] json) {
        try {
            JsonNode tree = Json.tree(json);
            if (tree == null) {
                return Optional.empty();
            }
            JsonNode first = tree.isArray() && tree.size() == 1 ? tree.path(0) : tree;
            return first.has("error") ? Optional.of(first) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
