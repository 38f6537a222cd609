package io.mlflowgateway.server.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The member names that every call has, so that reading one makes no string. Others are made as they come. */
final class KnownNames {
    private static final String[] NAMES = {
        // Requests.
        "model",
        "messages",
        "role",
        "content",
        "temperature",
        "max_tokens",
        "max_completion_tokens",
        "stream",
        "stream_options",
        "include_usage",
        "top_p",
        "n",
        "stop",
        "seed",
        "user",
        "tools",
        "tool_choice",
        "type",
        "function",
        "name",
        "description",
        "parameters",
        "strict",
        "response_format",
        "json_schema",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "parallel_tool_calls",
        "reasoning_effort",
        "metadata",
        "prompt",
        "suffix",
        "best_of",
        "echo",
        "input",
        "encoding_format",
        "dimensions",
        "candidate_count",
        "tool_call_id",
        "text",
        "image_url",
        // Answers, and the chunks of streams.
        "id",
        "object",
        "created",
        "choices",
        "usage",
        "system_fingerprint",
        "service_tier",
        "error",
        "message",
        "code",
        "param",
        "data",
        "embedding",
        "index",
        "delta",
        "finish_reason",
        "logprobs",
        "refusal",
        "annotations",
        "tool_calls",
        "arguments",
        "reasoning_content",
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "prompt_tokens_details",
        "completion_tokens_details",
        "cached_tokens",
        "reasoning_tokens",
        "cache_write_tokens",
        "audio_tokens",
        "image_tokens",
        "obfuscation"
    };
    private static final int PLACES = 512;
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private static final String[] TEXTS = new String[PLACES];
    private static final byte[][] BYTES = new byte[PLACES][];
    private static final long[] KEYS = new long[PLACES];

    static {
        for (String name : NAMES) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            long key = Words.first(bytes, 0, bytes.length);
            int place = place(key, bytes.length);
            while (BYTES[place] != null) {
                place = (place + 1) % PLACES;
            }
            TEXTS[place] = name;
            BYTES[place] = bytes;
            KEYS[place] = key;
        }
    }

    private KnownNames() {}

    /**
     * The text of a name that has no escape.
     *
     * @param key its {@linkplain Words#first first bytes}
     */
    static String text(byte[] json, int start, int end, long key) {
        int length = end - start;
        for (int place = place(key, length); BYTES[place] != null; place = (place + 1) % PLACES) {
            if (KEYS[place] == key && Arrays.equals(BYTES[place], 0, BYTES[place].length, json, start, end)) {
                return TEXTS[place];
            }
        }
        return new String(json, start, length, StandardCharsets.UTF_8);
    }

    private static int place(long key, int length) {
        return (int) ((key + length) * MIXER >>> 55);
    }
}
