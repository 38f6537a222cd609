package io.mlflowgateway.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Violation;
import java.nio.charset.StandardCharsets;

/**
 * FastAPI's envelope, which MLflow's servers of every generation answer with: {@code detail} holds a text, the provider's
 * document, or the list of what is wrong with the body. Only the rate limiter says {@code error} instead.
 */
public final class MlflowErrors implements Dialect.Errors {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Override
    public Answer.Whole answer(String requestId, Failure failure) {
        return Answers.failure(failure.status(), failure, envelope(failure));
    }

    private static ObjectNode envelope(Failure failure) {
        ObjectNode envelope = NODES.objectNode();
        if (failure.kind() == Failure.Kind.RATE_LIMITED) {
            return envelope.put("error", failure.getMessage());
        }
        if (!failure.violations().isEmpty()) {
            ArrayNode list = envelope.putArray("detail");
            failure.violations().forEach(violation -> list.add(item(violation)));
            return envelope;
        }
        JsonNode detail = failure.detailJson().map(MlflowErrors::parsed).orElse(TextNode.valueOf(failure.getMessage()));
        envelope.set("detail", detail);
        return envelope;
    }

    private static ObjectNode item(Violation violation) {
        ObjectNode item = NODES.objectNode();
        item.put("type", violation.type());
        ArrayNode location = item.putArray("loc");
        for (Object step : violation.location()) {
            if (step instanceof Integer index) {
                location.add(index);
            } else {
                location.add(step.toString());
            }
        }
        item.put("msg", violation.message());
        item.set("input", violation.inputJson().isEmpty() ? NODES.nullNode() : parsed(violation.inputJson()));
        if (!violation.contextJson().isEmpty()) {
            item.set("ctx", parsed(violation.contextJson()));
        }
        return item;
    }

    private static JsonNode parsed(String json) {
        try {
            return Json.tree(json.getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(json);
        }
    }
}
