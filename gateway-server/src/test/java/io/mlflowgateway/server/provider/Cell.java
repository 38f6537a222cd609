package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.query.Task;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every provider is shown to do for each of its tasks: one call, what goes to the provider for it, what the provider
 * answers, and what the caller gets.
 */
enum Cell {
    PLAIN("plain", "plain"),
    STREAM("stream", "stream"),
    TOOLS("tools", "tools"),
    TOOLS_STREAM("tools, streamed", "tools-stream"),
    IMAGE("image", "image"),
    SCHEMA("JSON schema", "schema"),
    ERROR_400("400", "plain", 400),
    ERROR_401("401", "plain", 401),
    ERROR_429("429", "plain", 429),
    ERROR_500("500", "plain", 500),
    OVERLOADED("overloaded", "plain", 503, 529),
    CUT("stream cut short", "stream"),
    BROKEN("error in a stream", "stream");

    private static final Set<Cell> CHAT_ONLY = EnumSet.of(TOOLS, TOOLS_STREAM, IMAGE, SCHEMA);
    private static final Set<Cell> STREAMS = EnumSet.of(STREAM, CUT, BROKEN);

    /** The head of its column in the documentation. */
    final String title;

    /** The statuses a provider may refuse with; none where it answers. */
    final List<Integer> statuses;

    private final String call;

    Cell(String title, String call, Integer... statuses) {
        this.title = title;
        this.call = call;
        this.statuses = List.of(statuses);
    }

    /** Those a provider must have for a task. */
    static Stream<Cell> of(ProviderSpec provider, Task task) {
        return Arrays.stream(values())
                .filter(cell -> task == Task.CHAT || !CHAT_ONLY.contains(cell))
                .filter(cell -> task != Task.EMBEDDINGS || !STREAMS.contains(cell))
                .filter(cell -> provider.streams() || cell != CUT && cell != BROKEN);
    }

    /** What it must come to, as the documentation has it: a pattern. */
    String due(ProviderSpec provider) {
        return switch (this) {
            case PLAIN -> "yes";
            case STREAM -> provider.streams() ? "yes" : "refused \\(501\\)";
            case TOOLS, TOOLS_STREAM, IMAGE, SCHEMA -> "yes|refused \\((400|422|501)\\)";
            case CUT, BROKEN -> "fails";
            default -> statuses.stream().map(String::valueOf).collect(Collectors.joining("|"));
        };
    }

    /** As files are called, for example {@code chat-tools-stream}. */
    String fileName(Task task) {
        return task.name().toLowerCase(Locale.ROOT) + "-"
                + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The file of the caller's words, under {@code calls/}. */
    String callFile(Task task) {
        return task.name().toLowerCase(Locale.ROOT) + "-" + call + ".json";
    }
}
