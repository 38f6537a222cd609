package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import io.mlflowgateway.server.provider.parameter.Status;
import io.mlflowgateway.server.provider.parameter.Treatment;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Answers offline with what it was asked: for trying out, tests and demos. The same question has the same answer, every
 * text begins with {@code echo: }, tokens are words. Embeddings put texts that share words near each other. Never stands
 * in for another provider.
 */
public final class EchoProvider implements Provider {
    /** Vectors are this long unless the caller names {@code dimensions}. */
    static final int DIMENSIONS = 64;

    private static final int MOST_DIMENSIONS = 4096;
    private static final int MOST_CHOICES = 128;

    private static final ProviderSpec SPEC =
            new ProviderSpec("echo", List.of(), EnumSet.allOf(Task.class), true, List.of()).withoutModel();

    /** Nothing goes anywhere, so nothing is left out on the way. */
    private static final ParameterTable PARAMETERS = new ParameterTable(
                    Map.of(), Treatment.doneHere("taken, and without effect"))
            .with(
                    Treatment.doneHere("done by the echo itself"),
                    List.of(
                            "stop",
                            "max_tokens",
                            "max_completion_tokens",
                            "n",
                            "stream_options",
                            "dimensions",
                            "encoding_format"));

    @Override
    public ProviderSpec spec() {
        return SPEC;
    }

    @Override
    public ParameterTable parameters(Task task) {
        return PARAMETERS;
    }

    @Override
    public Status status(Task task) {
        return Status.REAL;
    }

    @Override
    public Mono<Reply> ask(Query query, Attempt attempt, Sender sender, Deadline deadline) {
        return Mono.fromSupplier(() -> answer(query, attempt));
    }

    private static Reply answer(Query query, Attempt attempt) {
        ObjectNode asked = Prompts.tree(query.body());
        String model = attempt.model().isEmpty() ? "echo" : attempt.model();
        if (query.task() == Task.EMBEDDINGS) {
            return whole(embeddings(asked, model));
        }
        EchoText echo = EchoText.of(prompt(query.task(), asked), stops(asked), mostWords(asked));
        int choices = bounded(asked.path("n"), 1, MOST_CHOICES, "n");
        EchoWriter writer =
                new EchoWriter(query.task(), echo, model, choices, attempt.now().getEpochSecond());
        return query.streams() ? new Reply.Streamed(writer.pieces()) : whole(writer.whole());
    }

    private static Reply whole(ObjectNode answer) {
        try {
            return new Reply.Whole(BodyScanner.scan(Json.bytes(answer)), TokenCounts.of(answer.path("usage")));
        } catch (BodyScanner.Malformed e) {
            throw new IllegalStateException("what was just written cannot be read", e);
        }
    }

    /** The last thing the user said, or the last message of all when no user spoke. */
    private static String prompt(Task task, ObjectNode asked) {
        if (task == Task.COMPLETIONS) {
            List<JsonNode> prompts = Prompts.oneOrMore(asked.path("prompt"));
            return prompts.isEmpty() ? "" : plain(prompts.get(prompts.size() - 1));
        }
        JsonNode last = asked.path("messages").path(asked.path("messages").size() - 1);
        for (JsonNode message : asked.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                last = message;
            }
        }
        return Prompts.text(last.path("content"));
    }

    private static String plain(JsonNode value) {
        return value.isTextual() ? value.asText() : Json.text(value);
    }

    private static List<String> stops(ObjectNode asked) {
        List<String> stops = new ArrayList<>();
        for (JsonNode stop : Prompts.oneOrMore(asked.path("stop"))) {
            if (!stop.asText().isEmpty()) {
                stops.add(stop.asText());
            }
        }
        return stops;
    }

    private static int mostWords(ObjectNode asked) {
        String limit = asked.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        return asked.hasNonNull(limit) ? bounded(asked.path(limit), 1, Integer.MAX_VALUE, limit) : Integer.MAX_VALUE;
    }

    private static ObjectNode embeddings(ObjectNode asked, String model) {
        int dimensions = asked.hasNonNull("dimensions")
                ? bounded(asked.path("dimensions"), 1, MOST_DIMENSIONS, "dimensions")
                : DIMENSIONS;
        List<float[]> vectors = new ArrayList<>();
        long words = 0;
        for (JsonNode input : Prompts.oneOrMore(asked.path("input"))) {
            String text = plain(input);
            vectors.add(HashedWords.vector(text, dimensions));
            words += EchoText.countWords(text);
        }
        boolean base64 = asked.path("encoding_format").asText().equals("base64");
        ObjectNode answer = Vectors.answer(vectors, model, base64);
        answer.putObject("usage").put("prompt_tokens", words).put("total_tokens", words);
        return answer;
    }

    private static int bounded(JsonNode number, int least, int most, String name) {
        if (number.isMissingNode() || number.isNull()) {
            return least;
        }
        long value = number.isIntegralNumber() && number.canConvertToLong() ? number.asLong() : Long.MIN_VALUE;
        if (value < least || (value > most && most != Integer.MAX_VALUE)) {
            String upTo = most == Integer.MAX_VALUE ? "" : " and at most " + most;
            throw Failure.of(
                    Failure.Kind.INVALID_REQUEST, name + " must be a whole number of at least " + least + upTo);
        }
        return (int) Math.min(value, most);
    }
}
