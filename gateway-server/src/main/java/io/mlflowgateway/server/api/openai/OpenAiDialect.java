package io.mlflowgateway.server.api.openai;

import io.mlflowgateway.server.api.Dialect;
import io.mlflowgateway.server.api.StreamOptions;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Violation;
import io.mlflowgateway.server.routing.TargetRoute;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * OpenAI's chat completions, completions and embeddings. Only the JSON types of what the gateway itself reads are
 * checked; values are the provider's business, and the body goes on as the caller's own bytes.
 */
public final class OpenAiDialect implements Dialect {
    private static final Set<Kind> LIST = Set.of(Kind.ARRAY);
    private static final Set<Kind> TEXT_OR_LIST = Set.of(Kind.STRING, Kind.ARRAY);
    private static final Set<Kind> NUMBER = Set.of(Kind.NUMBER, Kind.NULL);
    private static final Set<Kind> BOOLEAN = Set.of(Kind.BOOLEAN, Kind.NULL);
    private static final Map<Task, String> CONTENT =
            Map.of(Task.CHAT, "messages", Task.COMPLETIONS, "prompt", Task.EMBEDDINGS, "input");
    private static final Map<String, Set<Kind>> TYPES = Map.ofEntries(
            Map.entry("messages", LIST),
            Map.entry("prompt", TEXT_OR_LIST),
            Map.entry("input", TEXT_OR_LIST),
            Map.entry("stream", BOOLEAN),
            Map.entry("stream_options", Set.of(Kind.OBJECT, Kind.NULL)),
            Map.entry("stop", Set.of(Kind.STRING, Kind.ARRAY, Kind.NULL)),
            Map.entry("tools", Set.of(Kind.ARRAY, Kind.NULL)),
            Map.entry("response_format", Set.of(Kind.OBJECT, Kind.NULL)),
            Map.entry("temperature", NUMBER),
            Map.entry("top_p", NUMBER),
            Map.entry("n", NUMBER),
            Map.entry("max_tokens", NUMBER),
            Map.entry("max_completion_tokens", NUMBER),
            Map.entry("presence_penalty", NUMBER),
            Map.entry("frequency_penalty", NUMBER),
            Map.entry("seed", NUMBER));
    private static final OpenAiErrors ERRORS = new OpenAiErrors();

    @Override
    public OpenAiErrors errors() {
        return ERRORS;
    }

    @Override
    public Query read(TargetRoute route, Body body) {
        String content = CONTENT.getOrDefault(route.task(), "messages");
        if (!body.has(content)) {
            throw violation("missing_required_parameter", content, "Missing required parameter: '" + content + "'.");
        }
        for (Member member : body.members()) {
            Set<Kind> allowed = TYPES.get(member.name());
            if (allowed != null && !allowed.contains(member.kind())) {
                throw violation(
                        "invalid_type",
                        member.name(),
                        "Invalid type for '" + member.name() + "': expected " + words(allowed) + ", but got "
                                + word(member.kind()) + " instead.");
            }
        }
        if (route.task() == Task.EMBEDDINGS) {
            return new Query(route.task(), unstreamed(body), false, false, TemperatureRange.ZERO_TO_TWO);
        }
        boolean streams = StreamOptions.streams(body);
        return new Query(route.task(), body, streams, StreamOptions.usageAsked(body), TemperatureRange.ZERO_TO_TWO);
    }

    private static Body unstreamed(Body body) {
        if (!body.has("stream") && !body.has("stream_options")) {
            return body;
        }
        Body.Edit edit = body.edit();
        StreamOptions.drop(edit);
        return edit.toBody();
    }

    @Override
    public byte[] write(TargetRoute route, String model, Reply.Whole reply) {
        return reply.body().bytes();
    }

    /** The body as a JSON object; anything else is 400. */
    static Body scan(byte[] bytes) {
        try {
            return BodyScanner.scan(bytes);
        } catch (BodyScanner.Malformed malformed) {
            throw Failure.of(
                    Failure.Kind.INVALID_REQUEST, "The request body must be a JSON object: " + malformed.getMessage());
        }
    }

    static Failure violation(String code, String param, String message) {
        return Failure.violations(List.of(new Violation(code, List.of("body", param), message, "", "")));
    }

    private static String words(Set<Kind> kinds) {
        return kinds.stream()
                .filter(kind -> kind != Kind.NULL)
                .sorted()
                .map(OpenAiDialect::word)
                .reduce((one, other) -> one + " or " + other)
                .orElse("null");
    }

    private static String word(Kind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return switch (kind) {
            case OBJECT, ARRAY -> "an " + name;
            case NULL -> name;
            default -> "a " + name;
        };
    }
}
