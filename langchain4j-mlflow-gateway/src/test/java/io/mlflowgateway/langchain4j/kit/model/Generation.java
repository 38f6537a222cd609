package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * An answer as it is generated: token by token, until it ends, is long enough, or comes to a stop sequence.
 *
 * @param tokens that make up the words when put together
 * @param calls tools to call
 * @param finish {@code finish_reason}
 * @param promptTokens of all that was sent
 */
record Generation(List<String> tokens, List<Answer.Call> calls, String finish, int promptTokens) {

    private static final Pattern TOKEN = Pattern.compile("\\s*\\S{1,6}\\s*$|\\s*\\S{1,6}");

    static Generation of(Answer answer, Prompt prompt) {
        int promptTokens =
                Math.max(1, tokens(prompt.body().path("messages").toString()).size());
        if (!answer.calls().isEmpty()) {
            return new Generation(List.of(), answer.calls(), "tool_calls", promptTokens);
        }
        List<String> tokens = tokens(beforeStop(answer.text(), prompt.body().path("stop")));
        int limit = prompt.body().path("max_tokens").asInt(Integer.MAX_VALUE);
        return tokens.size() > limit
                ? new Generation(tokens.subList(0, limit), List.of(), "length", promptTokens)
                : new Generation(tokens, List.of(), "stop", promptTokens);
    }

    private static List<String> tokens(String text) {
        return TOKEN.matcher(text).results().map(MatchResult::group).toList();
    }

    private static String beforeStop(String text, JsonNode stop) {
        List<JsonNode> sequences = new ArrayList<>();
        stop.forEach(sequences::add);
        int end = sequences.stream()
                .mapToInt(sequence -> text.indexOf(sequence.asText()))
                .filter(at -> at >= 0)
                .min()
                .orElse(text.length());
        return text.substring(0, end);
    }

    String text() {
        return String.join("", tokens);
    }

    int completionTokens() {
        return tokens.size()
                + calls.stream()
                        .mapToInt(call -> tokens(call.arguments().toString()).size())
                        .sum();
    }

    /** {@return the arguments of a call in the pieces a stream has} */
    static List<String> pieces(Answer.Call call) {
        return tokens(call.arguments().toString());
    }
}
