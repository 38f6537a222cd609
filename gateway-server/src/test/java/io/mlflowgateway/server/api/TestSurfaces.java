package io.mlflowgateway.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetRoute;
import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** All surfaces over routes that give ready replies; notes the calls that come through the pipeline. */
final class TestSurfaces {
    static final String CHAT_ANSWER = "{\"id\":\"c-1\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"up-1\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hey\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7},"
            + "\"system_fingerprint\":\"fp\"}";
    static final String COMPLETIONS_ANSWER = "{\"id\":\"t-1\",\"object\":\"text_completion\",\"created\":7,"
            + "\"model\":\"up-1\",\"choices\":[{\"index\":0,\"text\":\"hey\",\"finish_reason\":\"length\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}";
    static final String EMBEDDINGS_ANSWER = "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
            + "\"embedding\":[0.5,-0.25]}],\"model\":\"up-1\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";

    final List<Call> calls = new ArrayList<>();
    private final Map<Task, Reply> replies = new HashMap<>(Map.of(
            Task.CHAT, whole(CHAT_ANSWER),
            Task.COMPLETIONS, whole(COMPLETIONS_ANSWER),
            Task.EMBEDDINGS, whole(EMBEDDINGS_ANSWER)));
    final Routes routes;
    final Surfaces surfaces;
    private Function<Call, Mono<Reply>> provider =
            call -> Mono.just(Objects.requireNonNull(replies.get(call.route().task())));

    /**
     * Serves {@code chat}, {@code completions}, {@code embeddings}, the same as {@code old-…} of 2.8's form, and the
     * split {@code both} over {@code chat} and {@code chat}.
     */
    TestSurfaces() {
        List<TargetRoute> routes = new ArrayList<>();
        for (Task task : Task.values()) {
            String name = task.name().toLowerCase(Locale.ROOT);
            routes.add(route(name, task, false, false, Optional.empty()));
            routes.add(route(
                    "old-" + name,
                    task,
                    true,
                    false,
                    Optional.of(new CallLimit(3, Duration.ofMinutes(1), "1 minute"))));
        }
        routes.add(route("both", Task.CHAT, false, true, Optional.empty()));
        QueryPipeline pipeline = new QueryPipeline(List.of((call, next) -> {
            calls.add(call);
            return next.proceed(call);
        }));
        this.routes = new Routes(new RouteTable(routes, "v"));
        surfaces = new Surfaces(this.routes, pipeline, Map.of(), "9.9", 1234);
    }

    /** A plain route of this name beside the usual ones. */
    TargetRoute route(String name) {
        return route(name, Task.CHAT, false, false, Optional.empty());
    }

    private TargetRoute route(String name, Task task, boolean classic, boolean split, Optional<CallLimit> limit) {
        RouteConfig.Target target =
                new RouteConfig.Target("chat", "openai", "the-model", Settings.NONE, split ? 50 : 100);
        List<RouteConfig.Target> targets = split ? List.of(target, target) : List.of(target);
        return new TargetRoute(
                new RouteConfig(name, task, classic, targets, split, limit, Map.of()),
                Optional.empty(),
                call -> provider.apply(call));
    }

    static Reply whole(String json) {
        return new Reply.Whole(Calls.body(json), Usage.UNKNOWN);
    }

    /** From now on routes of this task give this reply. */
    TestSurfaces replying(Task task, Reply reply) {
        replies.put(task, reply);
        return this;
    }

    /** From now on every route answers so. */
    TestSurfaces answering(Function<Call, Mono<Reply>> answer) {
        provider = answer;
        return this;
    }

    TestSurfaces failing(Failure failure) {
        return answering(call -> Mono.error(failure));
    }

    Said get(String path) {
        return ask("GET", path, "", Map.of());
    }

    Said post(String path, String body) {
        return post(path, body, Map.of());
    }

    Said post(String path, String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(Map.of("content-type", "application/json"));
        all.putAll(headers);
        return ask("POST", path, body, all);
    }

    Said ask(String method, String path, String body, Map<String, String> headers) {
        return ask(head(method, path, headers), body.getBytes(StandardCharsets.UTF_8));
    }

    static Head head(String method, String path, Map<String, String> headers) {
        int mark = path.indexOf('?');
        return new Head(
                "req-1",
                method,
                mark < 0 ? path : path.substring(0, mark),
                mark < 0 ? "" : path.substring(mark + 1),
                headers::get,
                false,
                Calls.notes());
    }

    /** As the edge does it: what fails is answered by the site too. */
    Said ask(Head head, byte[] body) {
        try {
            Answer answer = Mono.defer(() -> surfaces.endpoint(head).answer(head, body))
                    .blockOptional(Duration.ofSeconds(5))
                    .orElseThrow();
            return new Said(answer);
        } catch (Failure failure) {
            return new Said(surfaces.failure(head, failure));
        }
    }

    /** The body of the last call, as it goes to the provider. */
    String lastQuery() {
        return new String(calls.get(calls.size() - 1).query().body().bytes(), StandardCharsets.UTF_8);
    }

    Call lastCall() {
        return calls.get(calls.size() - 1);
    }

    /** What a caller sees. */
    record Said(Answer answer) {
        int status() {
            return answer.status();
        }

        String header(String name) {
            return answer.headers().getOrDefault(name, "");
        }

        String text() {
            return new String(((Answer.Whole) answer).body(), StandardCharsets.UTF_8);
        }

        JsonNode json() {
            try {
                return Json.tree(((Answer.Whole) answer).body());
            } catch (JsonProcessingException e) {
                throw new AssertionError(text(), e);
            }
        }

        List<String> events() {
            return ((Answer.Events) answer)
                    .data()
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .collectList()
                    .blockOptional(Duration.ofSeconds(5))
                    .orElseThrow();
        }
    }
}
