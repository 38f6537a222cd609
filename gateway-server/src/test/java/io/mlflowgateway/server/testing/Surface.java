package io.mlflowgateway.server.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One way to call a model: a path, and what is posted there in the words of its API.
 *
 * @param body with {@code %s} where {@code ,"stream":true} goes
 * @param openAi whether it speaks in OpenAI's words, failures included; otherwise in MLflow's
 */
public record Surface(String name, String path, String body, Task task, boolean openAi, boolean streams) {
    private static final List<String> NAMES = List.of("first", "second", "third");
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";
    private static final String COMPLETIONS = "{\"prompt\":\"hi\"%s}";
    private static final String USAGE = "{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}";

    /** Every surface, whole and, where its task has streams, streamed. */
    public static Stream<Surface> all() {
        return wholes().flatMap(surface ->
                surface.task() == Task.EMBEDDINGS ? Stream.of(surface) : Stream.of(surface, surface.streamed()));
    }

    /** Every surface, not streamed. */
    public static Stream<Surface> wholes() {
        return Stream.of(
                mlflow("classic chat", "/gateway/classic-chat/invocations", CHAT, Task.CHAT),
                mlflow(
                        "classic completions",
                        "/gateway/classic-completions/invocations",
                        COMPLETIONS,
                        Task.COMPLETIONS),
                mlflow(
                        "classic embeddings",
                        "/gateway/classic-embeddings/invocations",
                        "{\"text\":\"hi\"}",
                        Task.EMBEDDINGS),
                mlflow("deployments chat", "/endpoints/chat/invocations", CHAT, Task.CHAT),
                mlflow("deployments chat on the shared path", "/gateway/chat/invocations", CHAT, Task.CHAT),
                mlflow("deployments chat split", "/gateway/split-chat/invocations", CHAT, Task.CHAT),
                mlflow("deployments completions", "/endpoints/completions/invocations", COMPLETIONS, Task.COMPLETIONS),
                mlflow(
                        "deployments embeddings",
                        "/endpoints/embeddings/invocations",
                        "{\"input\":\"hi\"}",
                        Task.EMBEDDINGS),
                openAi("openai chat", "/v1/chat/completions", "{\"model\":\"chat\"," + CHAT.substring(1), Task.CHAT),
                openAi(
                        "openai completions",
                        "/v1/completions",
                        "{\"model\":\"completions\"," + COMPLETIONS.substring(1),
                        Task.COMPLETIONS),
                openAi(
                        "openai embeddings",
                        "/v1/embeddings",
                        "{\"model\":\"embeddings\",\"input\":\"hi\"}",
                        Task.EMBEDDINGS));
    }

    /** The limits API of both generations: it reads a body as calls do, and answers 501 to a good one. */
    public static Surface limitsApi() {
        return mlflow("limits", "/api/2.0/gateway/limits/", "{\"route\":\"hi\",\"limits\":[]}", Task.CHAT);
    }

    private static Surface mlflow(String name, String path, String body, Task task) {
        return new Surface(name, path, body, task, false, false);
    }

    private static Surface openAi(String name, String path, String body, Task task) {
        return new Surface(name, path, body, task, true, false);
    }

    private Surface streamed() {
        return new Surface(name, path, body, task, openAi, true);
    }

    /**
     * A configuration with every surface's route, all behind one OpenAI-compatible server that serves {@code the-model}.
     *
     * @param base of that server
     * @param more lines for each route, indented by four; may be empty
     */
    public static String config(String base, String key, String more) {
        StringBuilder yaml = new StringBuilder("routes:\n");
        for (Task task : Task.values()) {
            yaml.append(entry("classic-" + word(task), "route_type", task, base, key, more));
        }
        yaml.append("  - name: split-chat\n    task_type: llm/v1/chat\n")
                .append("    destinations: [{name: chat, traffic_percentage: 100}]\n")
                .append(more)
                .append("endpoints:\n");
        for (Task task : Task.values()) {
            yaml.append(entry(word(task), "endpoint_type", task, base, key, more));
        }
        return yaml.toString();
    }

    /**
     * A configuration with every surface's route, each with one target for each of these OpenAI-compatible servers, named
     * {@code first}, {@code second} and so on; the split sends to endpoints of these names.
     *
     * @param routing what stands behind {@code routing:}
     */
    public static String config(List<String> bases, String routing) {
        StringBuilder yaml = new StringBuilder("routes:\n");
        for (Task task : Task.values()) {
            yaml.append(several("classic-" + word(task), "route_type", task, bases, routing));
        }
        yaml.append("  - name: split-chat\n    task_type: llm/v1/chat\n    destinations:\n");
        for (int i = 0; i < bases.size(); i++) {
            yaml.append("      - {name: ").append(NAMES.get(i)).append(", traffic_percentage: ");
            yaml.append(i == 0 ? 100 : 0).append("}\n");
        }
        yaml.append("    routing: ").append(routing).append("\nendpoints:\n");
        for (Task task : Task.values()) {
            yaml.append(several(word(task), "endpoint_type", task, bases, routing));
        }
        for (int i = 0; i < bases.size(); i++) {
            yaml.append(entry(NAMES.get(i), "endpoint_type", Task.CHAT, bases.get(i), "k", ""));
        }
        return yaml.toString();
    }

    /** The configuration of two targets, with the same share for both in place of all for the first. */
    public static String shared(String config) {
        return config.replace("weight: 0", "weight: 1")
                .replaceAll("traffic_percentage: (100|0)", "traffic_percentage: 50");
    }

    private static String several(String name, String typeKey, Task task, List<String> bases, String routing) {
        StringBuilder yaml = new StringBuilder("  - name: ").append(name).append("\n    ");
        yaml.append(typeKey).append(": ").append(task.wireName()).append("\n    targets:\n");
        for (int i = 0; i < bases.size(); i++) {
            yaml.append("      - {name: %s, weight: %d, model: {provider: openai, name: the-model, "
                            .formatted(NAMES.get(i), i == 0 ? 1 : 0))
                    .append("config: {openai_api_key: k, openai_api_base: '%s'}}}\n".formatted(bases.get(i)));
        }
        return yaml.append("    routing: ").append(routing).append("\n").toString();
    }

    private static String entry(String name, String typeKey, Task task, String base, String key, String more) {
        return """
                  - name: %s
                    %s: %s
                    model:
                      provider: openai
                      name: the-model
                      config: {openai_api_key: %s, openai_api_base: '%s'}
                """.formatted(name, typeKey, task.wireName(), key, base) + more;
    }

    private static String word(Task task) {
        return task.name().toLowerCase(Locale.ROOT);
    }

    /** What to post. */
    public String json() {
        return String.format(body, streams ? ",\"stream\":true" : "");
    }

    /** What to post, with these members in front, for example {@code "a":1}. */
    public String jsonWith(String members) {
        return '{' + members + ',' + json().substring(1);
    }

    /** Content type of {@link #goodAnswer()}. */
    public String goodType() {
        return streams ? "text/event-stream" : "application/json";
    }

    /** Answers as a provider does what came over the surface of OpenAI's that the request names. */
    public static void answerWell(ScriptedUpstream.Exchange exchange) throws IOException {
        exchange.send(answerTo(new RawUpstream.Request(exchange.head(), exchange.body())));
    }

    /** A provider that answers well whatever comes over the surfaces of OpenAI's. */
    public static void wellAlways(RawUpstream.Talk talk) throws IOException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            talk.send(answerTo(request.get()));
            request = talk.next();
        }
    }

    /** A provider's good answer, head included, to what came over the surface of OpenAI's that the request names. */
    public static String answerTo(RawUpstream.Request request) {
        Surface asked = asked(request);
        return RawUpstream.json(asked.goodAnswer()).replace("application/json", asked.goodType());
    }

    /** The surface of OpenAI's that a request to a provider names. */
    public static Surface asked(RawUpstream.Request request) {
        boolean streams = request.body().contains("\"stream\":true");
        return all().filter(surface -> surface.openAi() && surface.streams() == streams)
                .filter(surface -> request.head().matches("(?s)POST " + surface.path() + "[ ?].*"))
                .findFirst()
                .orElseThrow();
    }

    /** The first event of {@link #goodAnswer()}, where that is a stream. */
    public String firstEvent() {
        return goodAnswer().substring(0, goodAnswer().indexOf("\n\n") + 2);
    }

    /** The body of a provider's good answer, one that says {@code hey}. */
    public String goodAnswer() {
        return streams ? stream() : whole();
    }

    private String whole() {
        return switch (task) {
            case EMBEDDINGS ->
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
                        + "\"embedding\":[0.5,-0.25]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}";
            case COMPLETIONS ->
                "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\","
                        + "\"choices\":[{\"index\":0,\"text\":\"hey\",\"finish_reason\":\"stop\"}],\"usage\":" + USAGE
                        + "}";
            case CHAT ->
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
                        + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hey\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":" + USAGE + "}";
        };
    }

    private String stream() {
        boolean chat = task == Task.CHAT;
        String head = "data: {\"id\":\"c\",\"object\":\"" + (chat ? "chat.completion.chunk" : "text_completion")
                + "\",\"created\":1,\"model\":\"m\",\"choices\":[";
        String said = chat ? "\"delta\":{\"role\":\"assistant\",\"content\":\"hey\"}" : "\"text\":\"hey\"";
        String nothing = chat ? "\"delta\":{}" : "\"text\":\"\"";
        return head + "{\"index\":0," + said + ",\"finish_reason\":null}]}\n\n"
                + head + "{\"index\":0," + nothing + ",\"finish_reason\":\"stop\"}]}\n\n"
                + head + "],\"usage\":" + USAGE + "}\n\ndata: [DONE]\n\n";
    }

    /** Whether this is a failure in the shape this surface's clients read. */
    public boolean isFailure(String answer) {
        return isFailure(answer, openAi);
    }

    /** Whether this is a failure in OpenAI's envelope, or in MLflow's. */
    public static boolean isFailure(String answer, boolean openAi) {
        try {
            JsonNode document = Json.tree(answer.getBytes(StandardCharsets.UTF_8));
            return openAi
                    ? List.of("message", "type", "param", "code", "request_id").stream()
                            .allMatch(document.path("error")::has)
                    : document.has("detail") || document.path("error").isTextual();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return name + (streams ? " streamed" : "");
    }
}
