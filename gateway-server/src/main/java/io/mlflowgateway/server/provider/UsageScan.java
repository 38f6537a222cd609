package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Usage;

/**
 * Reads OpenAI's {@code usage} object: {@code prompt_tokens} and {@code completion_tokens}, and what of them the details
 * tell apart (OpenAI API reference, Chat completion object). There the parts are in the sums; in {@link Usage} they are
 * not. Parts that are more than their sum are cut, in the order cache read, cache write, audio, pictures: servers count
 * sound from the cache twice.
 */
final class UsageScan {
    private long prompt;
    private long completion;
    private long cached;
    private long written;
    private long audioIn;
    private long images;
    private long reasoning;
    private long audioOut;
    private boolean unclear;

    /** Reads the object the cursor stands before, without a tree. A count that is no whole number stays as it was. */
    void read(JsonCursor json) throws Malformed {
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "prompt_tokens" -> prompt = count(json, prompt);
                case "completion_tokens" -> completion = count(json, completion);
                case "prompt_tokens_details" -> readPrompt(json);
                case "completion_tokens_details" -> readCompletion(json);
                default -> json.skip();
            }
        }
    }

    private void readPrompt(JsonCursor json) throws Malformed {
        if (json.kind() != Kind.OBJECT) {
            json.skip();
            return;
        }
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "cached_tokens" -> cached = part(json, cached);
                case "cache_write_tokens" -> written = part(json, written);
                case "audio_tokens" -> audioIn = part(json, audioIn);
                case "image_tokens" -> images = part(json, images);
                default -> json.skip();
            }
        }
    }

    private void readCompletion(JsonCursor json) throws Malformed {
        if (json.kind() != Kind.OBJECT) {
            json.skip();
            return;
        }
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "reasoning_tokens" -> reasoning = part(json, reasoning);
                case "audio_tokens" -> audioOut = part(json, audioOut);
                default -> json.skip();
            }
        }
    }

    private long count(JsonCursor json, long before) throws Malformed {
        long found = json.skipWholeNumber(-1);
        unclear |= found < 0;
        return found < 0 ? before : found;
    }

    /** One of the details: many servers write null there. */
    private static long part(JsonCursor json, long before) throws Malformed {
        return Math.max(0, json.skipWholeNumber(before));
    }

    /** Whether a sum was something else than a whole number from 0. */
    boolean unclear() {
        return unclear;
    }

    /** What was read so far. */
    Usage usage() {
        long left = prompt;
        long fromCache = Math.min(cached, left);
        left -= fromCache;
        long toCache = Math.min(written, left);
        left -= toCache;
        long heard = Math.min(audioIn, left);
        left -= heard;
        long seen = Math.min(images, left);
        long thought = Math.min(reasoning, completion);
        long said = Math.min(audioOut, completion - thought);
        long plain = completion - thought - said;
        return new Usage(left - seen, fromCache, toCache, plain, thought, heard, said, seen, false);
    }

    /** The same of a tree, where a sum that is no number is 0. */
    static Usage of(JsonNode usage) {
        UsageScan scan = new UsageScan();
        scan.prompt = count(usage, "prompt_tokens");
        scan.completion = count(usage, "completion_tokens");
        JsonNode read = usage.path("prompt_tokens_details");
        scan.cached = count(read, "cached_tokens");
        scan.written = count(read, "cache_write_tokens");
        scan.audioIn = count(read, "audio_tokens");
        scan.images = count(read, "image_tokens");
        JsonNode wrote = usage.path("completion_tokens_details");
        scan.reasoning = count(wrote, "reasoning_tokens");
        scan.audioOut = count(wrote, "audio_tokens");
        return scan.usage();
    }

    /** A count of a provider's own usage object; 0 where it is missing, negative or no number. */
    static long count(JsonNode usage, String member) {
        return Math.max(0, usage.path(member).asLong(0));
    }
}
