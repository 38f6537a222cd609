package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.query.Usage;

/** Reads OpenAI's {@code usage} object: {@code prompt_tokens}, {@code completion_tokens}. */
final class TokenCounts {
    private TokenCounts() {}

    /** {@link Usage#UNKNOWN} for what is no object; a count that is missing or no number is 0. */
    static Usage of(JsonNode usage) {
        return usage.isObject()
                ? new Usage(count(usage, "prompt_tokens"), count(usage, "completion_tokens"))
                : Usage.UNKNOWN;
    }

    private static long count(JsonNode usage, String member) {
        return Math.max(0, usage.path(member).asLong(0));
    }
}
