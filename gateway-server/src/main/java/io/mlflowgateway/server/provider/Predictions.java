package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.chat.UsageJson;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a scoring server's answer into OpenAI's. Models answer in many forms: {@code predictions} as a list of strings,
 * an object with one key, with {@code candidates} (MLflow 2.8) or {@code choices} (2.9 and later), lists of floats; and
 * a served chat model answers a whole OpenAI chat completion, without {@code predictions} around it or one for each input.
 */
final class Predictions {
    private final Query query;
    private final Attempt attempt;

    Predictions(Query query, Attempt attempt) {
        this.query = query;
        this.attempt = attempt;
    }

    Reply.Whole read(byte[] json) {
        JsonNode document = tree(json);
        if (!document.isObject()) {
            throw invalid("is not a JSON object");
        }
        JsonNode predictions = document.has("predictions") ? document.path("predictions") : document;
        if (predictions.isArray() && !predictions.isEmpty() && areAnswers(predictions)) {
            predictions = predictions.size() == 1 ? predictions.path(0) : merged(predictions);
        }
        ObjectNode answer = query.task() == Task.EMBEDDINGS ? embeddings(predictions) : text(predictions);
        try {
            return new Reply.Whole(BodyScanner.scan(Json.bytes(answer)), TokenCounts.of(answer.path("usage")));
        } catch (BodyScanner.Malformed e) {
            // A number or a depth that no answer of ours may have.
            throw invalid("breaks a bound: " + e.getMessage());
        }
    }

    private static boolean areAnswers(JsonNode values) {
        for (JsonNode value : values) {
            if (!value.has("choices") && !value.has("candidates")) {
                return false;
            }
        }
        return true;
    }

    /** Answers to several prompts as one: their choices one after another, their tokens together. */
    private static ObjectNode merged(JsonNode answers) {
        ObjectNode merged = ((ObjectNode) answers.path(0)).deepCopy();
        ArrayNode choices = JsonNodeFactory.instance.arrayNode();
        long prompt = 0;
        long completion = 0;
        for (JsonNode answer : answers) {
            items(answer).forEach(choices::add);
            Usage usage = TokenCounts.of(usage(answer));
            prompt += usage.promptTokens();
            completion += usage.completionTokens();
        }
        merged.remove("candidates");
        merged.set("choices", choices);
        if (prompt + completion > 0) {
            merged.set("usage", UsageJson.of(new Usage(prompt, completion)));
        }
        return merged;
    }

    private ObjectNode text(JsonNode found) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("id", found.path("id").isTextual() ? found.path("id") : answer.nullNode());
        answer.put("object", query.task() == Task.CHAT ? "chat.completion" : "text_completion");
        answer.put("created", attempt.now().getEpochSecond());
        answer.put("model", found.path("model").asText(attempt.model()));
        ArrayNode choices = answer.putArray("choices");
        for (JsonNode item : items(found)) {
            addChoice(choices, item);
        }
        if (choices.isEmpty()) {
            throw invalid("holds no prediction");
        }
        answer.set("usage", usage(found));
        return answer;
    }

    /** The single answers in whatever holds them. */
    private static List<JsonNode> items(JsonNode found) {
        for (String list : new String[] {"choices", "candidates"}) {
            if (found.path(list).isArray()) {
                return Prompts.oneOrMore(found.path(list));
            }
        }
        return Prompts.oneOrMore(onlyValue(found));
    }

    /** A served model may name its output as it likes; one key leaves no doubt which is meant. */
    private static JsonNode onlyValue(JsonNode found) {
        boolean wrapped = found.isObject() && found.size() == 1;
        return wrapped ? found.elements().next() : found;
    }

    private void addChoice(ArrayNode choices, JsonNode item) {
        JsonNode message = item.path("message");
        boolean finished = item.hasNonNull("finish_reason");
        JsonNode reason =
                finished ? item.path("finish_reason") : item.path("metadata").path("finish_reason");
        ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
        if (query.task() == Task.CHAT && message.isObject()) {
            choice.set("message", message);
        } else if (query.task() == Task.CHAT) {
            choice.putObject("message").put("role", "assistant").put("content", string(item));
        } else {
            choice.put("text", string(item));
        }
        choice.set("finish_reason", reason.isTextual() ? reason : choice.nullNode());
    }

    private static String string(JsonNode item) {
        JsonNode text = item;
        if (item.has("message")) {
            text = item.path("message").path("content");
        } else if (item.has("text")) {
            text = item.path("text");
        } else if (item.isObject()) {
            text = onlyValue(item);
        }
        if (!text.isTextual()) {
            throw invalid("holds a prediction that is no text");
        }
        return text.asText();
    }

    private ObjectNode embeddings(JsonNode found) {
        if (found.path("data").isArray() && found.path("data").path(0).has("embedding")) {
            return (ObjectNode) found;
        }
        if (found.isEmpty()) {
            throw invalid("holds no prediction");
        }
        JsonNode values = onlyValue(found);
        if (values.isArray() && values.path(0).isObject()) {
            values = unwrapped(values);
        }
        List<float[]> vectors = new ArrayList<>();
        for (JsonNode vector : Prompts.oneOrMore(values)) {
            vectors.add(Vectors.floats(vector));
        }
        int texts = Prompts.oneOrMore(Prompts.tree(query.body()).path("input")).size();
        if (vectors.size() != texts) {
            throw invalid("holds " + vectors.size() + " embeddings for " + texts + " texts");
        }
        ObjectNode answer = Vectors.answer(vectors, attempt.model(), Vectors.wantsBase64(query.body()));
        answer.putObject("usage").putNull("prompt_tokens").putNull("total_tokens");
        return answer;
    }

    private static ArrayNode unwrapped(JsonNode items) {
        ArrayNode vectors = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> vectors.add(item.has("embedding") ? item.path("embedding") : onlyValue(item)));
        return vectors;
    }

    /** Null counts keep their keys, as MLflow gives them. */
    private static ObjectNode usage(JsonNode found) {
        JsonNode metadata = found.path("metadata");
        if (found.path("usage").isObject()) {
            return (ObjectNode) found.path("usage");
        }
        ObjectNode usage = JsonNodeFactory.instance.objectNode();
        usage.set("prompt_tokens", orNull(metadata.path("input_tokens")));
        usage.set("completion_tokens", orNull(metadata.path("output_tokens")));
        usage.set("total_tokens", orNull(metadata.path("total_tokens")));
        return usage;
    }

    private static JsonNode orNull(JsonNode value) {
        return value.isNumber() ? value : JsonNodeFactory.instance.nullNode();
    }

    private static JsonNode tree(byte[] json) {
        try {
            return Json.tree(json);
        } catch (StreamConstraintsException e) {
            throw invalid(JsonObjects.BOUND);
        } catch (JsonProcessingException e) {
            throw invalid("is not JSON");
        }
    }

    private static Failure invalid(String what) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the model server's answer " + what);
    }
}
