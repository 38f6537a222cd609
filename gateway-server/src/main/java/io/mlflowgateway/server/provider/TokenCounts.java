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

/** The tokens that OpenAI's {@code usage} object counts. */
final class TokenCounts {
    private TokenCounts() {}

    /** {@link Usage#UNKNOWN} for what is no object; a count that is missing or no number is 0. */
    static Usage of(JsonNode usage) {
        return usage.isObject() ? UsageScan.of(usage) : Usage.UNKNOWN;
    }

    /** The same of a member that is an object; without a tree where the counts are whole numbers, as they should be. */
    static Usage of(Body body, Member usage) {
        try {
            UsageScan found = new UsageScan();
            found.read(new JsonCursor(body, usage));
            return found.unclear() ? ofTree(body, usage) : found.usage();
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
}
