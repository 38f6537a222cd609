package io.mlflowgateway.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import java.util.HashMap;
import java.util.Map;

/** Answers with a JSON body. */
public final class Answers {
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    private Answers() {}

    /** 200 with these bytes, which are JSON. */
    public static Answer.Whole ok(byte[] json) {
        return new Answer.Whole(200, JSON, json);
    }

    /** 200 with this document. */
    public static Answer.Whole ok(JsonNode json) {
        return ok(Json.bytes(json));
    }

    /** A failure with the headers every surface sends. What it quotes of the caller cannot act as markup. */
    public static Answer.Whole failure(int status, Failure failure, JsonNode envelope) {
        Map<String, String> headers = new HashMap<>(JSON);
        headers.put("x-gateway-error-source", failure.source().wireName());
        failure.retryAfter().ifPresent(value -> headers.put("retry-after", value));
        return new Answer.Whole(status, headers, Json.markupSafeBytes(envelope));
    }
}
