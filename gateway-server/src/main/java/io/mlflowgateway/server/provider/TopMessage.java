package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import java.util.Optional;

/** Refusals of providers that write {@code {"message": ...}} with nothing around it. */
final class TopMessage {
    private TopMessage() {}

    static Failure refusal(UpstreamResponse.Whole response, Settings settings) {
        Optional<JsonNode> message = JsonObjects.read(response.body())
                .map(document -> document.path("message"))
                .filter(JsonNode::isTextual);
        if (message.isEmpty()) {
            return Refusals.of(response, settings);
        }
        ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
        wrapped.putObject("error").set("message", message.get());
        return Refusals.of(
                new UpstreamResponse.Whole(
                        response.status(), response.retryAfter(), response.contentType(), Json.bytes(wrapped)),
                settings);
    }
}
