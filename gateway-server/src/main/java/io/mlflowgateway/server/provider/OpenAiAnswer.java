package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;

/** Tells an OpenAI answer from everything else a server may send with a status of success. */
final class OpenAiAnswer {
    private OpenAiAnswer() {}

    /**
     * The answer, scanned: a JSON object with the array its task calls for ({@code choices} or {@code data}).
     *
     * @throws Failure {@code UPSTREAM_INVALID} for anything else, {@code UPSTREAM_REFUSED} when it holds an error
     */
    static Body scan(byte[] json, Task task, Settings settings) {
        Body body;
        try {
            body = BodyScanner.scanAnswer(json);
        } catch (BodyScanner.Malformed e) {
            throw Failure.of(
                    Failure.Kind.UPSTREAM_INVALID, "the provider's answer is not a JSON object: " + e.getMessage());
        }
        String array = task == Task.EMBEDDINGS ? "data" : "choices";
        if (is(body, array, Body.Kind.ARRAY)) {
            return body;
        }
        if (body.has("error") && !is(body, "error", Body.Kind.NULL)) {
            throw Refusals.ofErrorMember(error(json), settings);
        }
        throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer has no '" + array + "' array");
    }

    private static boolean is(Body body, String member, Body.Kind kind) {
        return body.member(member).filter(found -> found.kind() == kind).isPresent();
    }

    private static JsonNode error(byte[] json) {
        try {
            return Json.tree(json).path("error");
        } catch (JsonProcessingException e) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer is not a JSON object");
        }
    }
}
