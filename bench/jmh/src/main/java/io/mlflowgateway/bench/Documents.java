package io.mlflowgateway.bench;

import java.nio.charset.StandardCharsets;

/** The documents that are read: those of {@code bench/run}, and longer ones. */
final class Documents {
    private static final String SENTENCE = "Answer the question from the context. ";

    private Documents() {}

    /** A chat request with a prompt that is made of a sentence. */
    static byte[] request(String sentence, int bytes) {
        String text = sentence.repeat(bytes / utf8(sentence).length);
        return utf8("{\"model\": \"chat\", \"messages\": [{\"role\": \"system\", \"content\": \""
                + "You are a careful assistant. ".repeat(6) + "\"}, {\"role\": \"user\", \"content\": \"" + text
                + "\"}], \"temperature\": 0.2, \"max_tokens\": 256}");
    }

    /** A chat request of about 0.65 KB. */
    static byte[] smallRequest() {
        return request(SENTENCE, 8 * SENTENCE.length());
    }

    /** A chat request of about 10 KB. */
    static byte[] largeRequest() {
        return request(SENTENCE, 10_000);
    }

    /** A chat answer of about 1 KB. */
    static byte[] answer() {
        return utf8(
                "{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"message\":{\"content\":\""
                        + "lorem ipsum dolor sit amet ".repeat(30)
                        + "\",\"role\":\"assistant\"}}],\"created\":1700000000,\"id\":\"chatcmpl-mock\",\"model\":\"mock-model\","
                        + "\"object\":\"chat.completion\",\"usage\":{\"completion_tokens\":200,\"prompt_tokens\":100,\"total_tokens\":300}}");
    }

    /** A piece of a streamed answer. */
    static byte[] chunk() {
        return utf8("{\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                + "\"model\":\"mock-model\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\" word\"},"
                + "\"finish_reason\":null}]}");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
