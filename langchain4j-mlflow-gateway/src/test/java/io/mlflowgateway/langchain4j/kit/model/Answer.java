package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What the model says: words, or tools to call.
 *
 * @param text empty where tools are called
 * @param calls empty where words are said
 */
record Answer(String text, List<Call> calls) {

    /** A tool to call. */
    record Call(String tool, JsonNode arguments) {}

    Answer {
        calls = List.copyOf(calls);
    }

    static Answer says(String text) {
        return new Answer(text, List.of());
    }

    static Answer calls(List<Call> calls) {
        return new Answer("", calls);
    }
}
