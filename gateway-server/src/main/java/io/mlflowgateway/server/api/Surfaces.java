package io.mlflowgateway.server.api;

import io.mlflowgateway.server.api.deployments.DeploymentsDialect;
import io.mlflowgateway.server.api.openai.OpenAiApi;
import io.mlflowgateway.server.api.openai.OpenAiErrors;
import io.mlflowgateway.server.api.routes.ClassicDialect;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.http.Site;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetRoute;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Every path there is, of every generation, on one port; with and without a trailing slash. A request sees one table of
 * routes from its path to its answer.
 */
public final class Surfaces implements Site {
    private static final byte[] HEALTHY = "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8);
    private static final Dialect CLASSIC = new ClassicDialect();
    private static final Dialect DEPLOYMENTS = new DeploymentsDialect();
    private static final Dialect.Errors MLFLOW_ERRORS = new MlflowErrors();
    private static final OpenAiErrors OPENAI_ERRORS = new OpenAiErrors();

    private final Routes routes;
    private final Invocation invocation;
    private final PathTable paths;

    /**
     * @param pages further GET paths by exact path, without trailing slash
     * @param version shown at {@code /version}
     * @param startedSeconds when the gateway started, seconds since 1970
     */
    public Surfaces(
            Routes routes, QueryPipeline pipeline, Map<String, Endpoint> pages, String version, long startedSeconds) {
        this.routes = routes;
        this.invocation = new Invocation(pipeline);
        byte[] shown = ("{\"version\":" + Json.quoted(version) + "}").getBytes(StandardCharsets.UTF_8);
        this.paths = paths(pages, new OpenAiApi(invocation, startedSeconds), shown);
    }

    /** All paths to which something is posted; {@code {name}} stands for a name. */
    Set<String> posts() {
        return paths.paths("POST");
    }

    @Override
    public Endpoint endpoint(Head head) {
        PathTable.Served served = find(head).orElseThrow(() -> Failure.of(Failure.Kind.NOT_FOUND, "Not Found"));
        if (!served.method().equals(head.method())) {
            return new NotAllowed(served.method());
        }
        return head.method().equals("POST") ? new JsonPost(served.endpoint()) : served.endpoint();
    }

    @Override
    public Answer.Whole failure(Head head, Failure failure) {
        return errors(head).answer(head.id(), failure);
    }

    @Override
    public byte[] failureEvent(Head head, Failure failure) {
        return OPENAI_ERRORS.event(head.id(), failure);
    }

    private static Dialect.Errors errors(Head head) {
        return head.path().startsWith("/v1/") ? OPENAI_ERRORS : MLFLOW_ERRORS;
    }

    private Optional<PathTable.Served> find(Head head) {
        String path = head.path();
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        RouteTable table = routes.current();
        head.notes().sees(table.version());
        return paths.find(trimmed, table);
    }

    private PathTable paths(Map<String, Endpoint> pages, OpenAiApi openAi, byte[] version) {
        PathTable paths = new PathTable();
        paths.postToRoute("/gateway/{name}/invocations", (route, head, body) -> invoke(route, true, head, body));
        paths.postToRoute("/endpoints/{name}/invocations", (route, head, body) -> invoke(route, false, head, body));

        paths.post("/v1/chat/completions", (table, none, head, body) -> openAi.invoke(table, Task.CHAT, head, body));
        paths.post("/v1/completions", (table, none, head, body) -> openAi.invoke(table, Task.COMPLETIONS, head, body));
        paths.post("/v1/embeddings", (table, none, head, body) -> openAi.invoke(table, Task.EMBEDDINGS, head, body));
        paths.get("/v1/models", (table, none, head, body) -> answer(openAi.models(table)));
        paths.get("/v1/models/{name}", (table, name, head, body) -> answer(openAi.model(table, name)));

        paths.get("/api/2.0/gateway/routes", (table, none, head, body) -> answer(Descriptions.routes(table, head)));
        paths.get(
                "/api/2.0/gateway/routes/{name}", (table, name, head, body) -> answer(Descriptions.route(table, name)));
        paths.get("/api/2.0/endpoints", (table, none, head, body) -> answer(Descriptions.endpoints(table, head)));
        paths.get("/api/2.0/endpoints/{name}", (table, name, head, body) -> answer(Descriptions.endpoint(table, name)));
        paths.post("/api/2.0/gateway/limits", (table, none, head, body) -> LimitsApi.set(head, body));
        paths.get("/api/2.0/gateway/limits/{name}", (table, name, head, body) -> LimitsApi.get(head, body));
        paths.get("/api/2.0/endpoints/limits/{name}", (table, name, head, body) -> LimitsApi.get(head, body));
        paths.get(
                "/api/3.0/gateway/endpoint/{name}",
                (table, name, head, body) -> answer(Descriptions.endpoint(table, name)));
        paths.get(
                "/api/3.0/gateway/route/{name}", (table, name, head, body) -> answer(Descriptions.split(table, name)));

        paths.get("/health", (table, none, head, body) -> answer(Answers.ok(HEALTHY)));
        paths.get("/version", (table, none, head, body) -> answer(Answers.ok(version)));
        pages.forEach((path, page) -> paths.get(path, (table, none, head, body) -> page.answer(head, body)));
        return paths;
    }

    private Mono<Answer> invoke(TargetRoute route, boolean shared, Head head, byte[] bytes) {
        head.notes().asks(route);
        Invocation.requireJson(head);
        Body body = Invocation.scan(bytes);
        boolean classic = shared && SharedPath.classic(head, route, body);
        return invocation.run(head, classic ? CLASSIC : DEPLOYMENTS, route, body);
    }

    private static Mono<Answer> answer(Answer answer) {
        return Mono.just(answer);
    }

    /** Answers another method than the one that is served, whatever its body. */
    private record NotAllowed(String served) implements Endpoint {
        @Override
        public Mono<Answer> answer(Head head, byte[] body) {
            Failure failure = Failure.of(Failure.Kind.METHOD_NOT_ALLOWED, "Method Not Allowed");
            Answer.Whole refusal = errors(head).answer(head.id(), failure);
            Map<String, String> headers = new HashMap<>(refusal.headers());
            headers.put("allow", served);
            return Surfaces.answer(new Answer.Whole(refusal.status(), headers, refusal.body()));
        }

        @Override
        public boolean needsBody(Head head) {
            return false;
        }
    }

    /** All that is posted is JSON; what is not announced as such is refused before it comes. */
    private record JsonPost(Endpoint endpoint) implements Endpoint {
        @Override
        public Mono<Answer> answer(Head head, byte[] body) {
            return endpoint.answer(head, body);
        }

        @Override
        public boolean needsBody(Head head) {
            try {
                Invocation.requireJson(head);
                return true;
            } catch (Failure refused) {
                return false;
            }
        }
    }
}
