package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlflowgateway.server.testing.HttpAnswers.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What every answer is, whatever was asked. */
final class AnswerRules {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AnswerRules() {}

    /** An answer to something that no upstream had a part in, or one that did all right. */
    static void ownFault(Answer answer) {
        assertThat(answer.status() < 500 || answer.status() == 501)
                .as("no status of 5xx: %s %s", answer.status(), answer.text())
                .isTrue();
        wellFormed(answer);
    }

    /** Each answer has the form its headers announce, errors that of one of the surfaces. */
    static void wellFormed(Answer answer) {
        if (answer.status() < 200) {
            return;
        }
        assertThat(answer.header("x-request-id")).as("request id").isNotEmpty();
        if (answer.status() >= 400) {
            assertThat(answer.header("content-type")).startsWith("application/json");
            // Nothing where a HEAD request was refused.
            assertThat(answer.body().length == 0 || isError(json(answer.body())))
                    .as("an error of some surface: %s", answer.text())
                    .isTrue();
        } else if (answer.header("content-type").startsWith("application/json") && answer.body().length > 0) {
            assertThat(json(answer.body()).isContainerNode()).isTrue();
        } else if (answer.header("content-type").startsWith("text/event-stream")) {
            stream(answer);
        }
    }

    /** An error in the form of the surface at this path. */
    static void errorOf(String path, Answer answer) {
        JsonNode body = json(answer.body());
        boolean openAi = body.path("error").path("message").isTextual();
        assertThat(openAi).as("the form of %s: %s", path, body).isEqualTo(path.startsWith("/v1/"));
    }

    private static boolean isError(JsonNode body) {
        JsonNode error = body.path("error");
        boolean openAi = error.path("message").isTextual()
                && error.path("type").isTextual()
                && error.path("code").isTextual();
        return openAi
                || error.isTextual()
                || body.hasNonNull("detail")
                || body.path("ready").isBoolean();
    }

    /** Events, each of them JSON; at the end either {@code [DONE]} or an error, never both, never neither. */
    private static void stream(Answer answer) {
        List<String> events = events(answer);
        assertThat(events).as("events").isNotEmpty();
        String last = events.remove(events.size() - 1);
        boolean done = last.equals("[DONE]");
        for (String event : events) {
            assertThat(json(event.getBytes(StandardCharsets.UTF_8)).has("error"))
                    .as("an error is the last event")
                    .isFalse();
        }
        assertThat(done || isError(json(last.getBytes(StandardCharsets.UTF_8))))
                .as("the end of a stream: %s", last)
                .isTrue();
    }

    private static List<String> events(Answer answer) {
        List<String> events = new ArrayList<>();
        String text = answer.text();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf("\n\n", from);
            assertThat(end).as("an event's end in: %s", text).isNotNegative();
            assertThat(text.startsWith("data: ", from)).as("an event's begin").isTrue();
            events.add(text.substring(from + 6, end));
            from = end + 2;
        }
        return events;
    }

    static JsonNode json(byte[] bytes) {
        try {
            JsonNode read = JSON.readTree(bytes);
            assertThat(read).as("JSON").isNotNull();
            return read;
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + new String(bytes, StandardCharsets.UTF_8), e);
        }
    }
}
