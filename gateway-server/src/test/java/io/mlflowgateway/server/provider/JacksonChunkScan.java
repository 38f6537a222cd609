package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What Jackson's tree says of a chunk: the yardstick that {@link ChunkScan} is held to. */
record JacksonChunkScan(
        boolean hasChoices,
        boolean isError,
        boolean withoutChoices,
        boolean everyChoiceHasText,
        boolean allFinished,
        Optional<Usage> usage) {
    private static final List<String> COUNTS = List.of(
            "/prompt_tokens",
            "/completion_tokens",
            "/prompt_tokens_details/cached_tokens",
            "/prompt_tokens_details/cache_write_tokens",
            "/prompt_tokens_details/audio_tokens",
            "/prompt_tokens_details/image_tokens",
            "/completion_tokens_details/reasoning_tokens",
            "/completion_tokens_details/audio_tokens");

    /** Empty where it is no chunk. Of a document in which no name stands twice. */
    static Optional<JacksonChunkScan> of(byte[] json) {
        try {
            JsonNode chunk = Json.tree(json);
            return chunk != null && chunk.isObject() ? of(chunk) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<JacksonChunkScan> of(JsonNode chunk) {
        JsonNode choices = chunk.path("choices");
        boolean text = true;
        OpenChoices open = new OpenChoices();
        for (int i = 0; choices.isArray() && i < choices.size(); i++) {
            JsonNode choice = choices.get(i);
            JsonNode index = choice.path("index");
            if (!choice.isObject()
                    || (index.isIntegralNumber() && (!index.canConvertToInt() || !isIndex(index.intValue())))) {
                return Optional.empty();
            }
            JsonNode reason = choice.path("finish_reason");
            open.saw(
                    index.isIntegralNumber() ? index.intValue() : i,
                    reason.isTextual() && !reason.textValue().isEmpty());
            text &= choice.path("text").isTextual();
        }
        boolean error = chunk.hasNonNull("error") || chunk.hasNonNull("error_code");
        JsonNode usage = chunk.path("usage");
        if (usage.isObject() && COUNTS.stream().anyMatch(count -> tooLarge(usage.at(count)))) {
            return Optional.empty();
        }
        Optional<Usage> counted = usage.isObject() ? Optional.of(counted(usage)) : Optional.empty();
        return Optional.of(new JacksonChunkScan(
                choices.isArray(),
                error
                        || chunk.path("object").asText().equals("error")
                                && chunk.path("object").isTextual(),
                !choices.isArray() || choices.isEmpty(),
                text,
                open.finished(0),
                counted));
    }

    /** Each part is taken out of what is left of its sum. */
    private static Usage counted(JsonNode usage) {
        long[] found =
                COUNTS.stream().mapToLong(count -> count(usage.at(count))).toArray();
        long[] left = {found[0], found[1]};
        long[] parts = new long[found.length];
        for (int i = 2; i < found.length; i++) {
            int sum = COUNTS.get(i).startsWith("/prompt") ? 0 : 1;
            parts[i] = Math.min(found[i], left[sum]);
            left[sum] -= parts[i];
        }
        return new Usage(left[0], parts[2], parts[3], left[1], parts[6], parts[4], parts[7], parts[5], false);
    }

    private static boolean isIndex(int value) {
        return value >= 0 && value < 1 << 16;
    }

    private static boolean tooLarge(JsonNode count) {
        return count.isIntegralNumber() && !count.canConvertToLong();
    }

    private static long count(JsonNode count) {
        return count.isIntegralNumber() ? Math.max(0, count.longValue()) : 0;
    }
}
