package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Usage;
import java.nio.charset.StandardCharsets;

/** Reads OpenAI's {@code usage} object: {@code prompt_tokens}, {@code completion_tokens}. */
final class TokenCounts {
    private static final long UNCLEAR = -1;

    private TokenCounts() {}

    /** {@link Usage#UNKNOWN} for what is no object; a count that is missing or no number is 0. */
    static Usage of(JsonNode usage) {
        return usage.isObject()
                ? new Usage(count(usage, "prompt_tokens"), count(usage, "completion_tokens"))
                : Usage.UNKNOWN;
    }

    /** The same of a member that is an object; without a tree where the counts are whole numbers, as they should be. */
    static Usage of(Body body, Member usage) {
        try {
            JsonCursor json = new JsonCursor(body, usage);
            long prompt = 0;
            long completion = 0;
            json.enterObject();
            while (json.nextMember()) {
                switch (json.name()) {
                    case "prompt_tokens" -> prompt = json.skipWholeNumber(UNCLEAR);
                    case "completion_tokens" -> completion = json.skipWholeNumber(UNCLEAR);
                    default -> json.skip();
                }
            }
            return prompt < 0 || completion < 0 ? ofTree(body, usage) : new Usage(prompt, completion);
        } catch (BodyScanner.Malformed e) {
            return ofTree(body, usage);
        }
    }

    private static Usage ofTree(Body body, Member usage) {
        try {
            return of(Json.tree(body.raw(usage).getBytes(StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
            // The scan has read it before; only a bound the tree has and the scan has not can be broken.
            return Usage.UNKNOWN;
        }
    }

    private static long count(JsonNode usage, String member) {
        return Math.max(0, usage.path(member).asLong(0));
    }
}
