package io.mlflowgateway.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.api.deployments.DeploymentsDialect;
import io.mlflowgateway.server.api.openai.OpenAiApi;
import io.mlflowgateway.server.api.openai.OpenAiErrors;
import io.mlflowgateway.server.api.routes.ClassicDialect;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.http.Site;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.QueryPipeline;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetRoute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final OpenAiApi openAi;
    private final Map<String, Endpoint> pages;
    private final byte[] version;

    /**
     * @param pages further GET paths by exact path, without trailing slash
     * @param version shown at {@code /version}
     * @param startedSeconds when the gateway started, seconds since 1970
     */
    public Surfaces(
            Routes routes, QueryPipeline pipeline, Map<String, Endpoint> pages, String version, long startedSeconds) {
        this.routes = routes;
        this.invocation = new Invocation(pipeline);
        this.openAi = new OpenAiApi(invocation, startedSeconds);
        this.pages = Map.copyOf(pages);
        this.version = JsonNodeFactory.instance
                .objectNode()
                .put("version", version)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Endpoint endpoint(Head head) {
        Served served = find(head).orElseThrow(() -> Failure.of(Failure.Kind.NOT_FOUND, "Not Found"));
        return served.method().equals(head.method()) ? served.endpoint() : notAllowed(served.method());
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

    /** What is served at a path, and the one method for it. */
    private record Served(String method, Endpoint endpoint) {
        static Optional<Served> get(Endpoint endpoint) {
            return Optional.of(new Served("GET", endpoint));
        }

        static Optional<Served> post(Endpoint endpoint) {
            return Optional.of(new Served("POST", endpoint));
        }
    }

    private Optional<Served> find(Head head) {
        String path = head.path();
        String trimmed = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        Endpoint page = pages.get(trimmed);
        if (page != null) {
            return Served.get(page);
        }
        List<String> steps = List.of(trimmed.substring(1).split("/", 8));
        RouteTable table = routes.current();
        return switch (steps.get(0)) {
            case "v1" -> openAi(table, steps);
            case "gateway", "endpoints" -> invocations(table, steps);
            case "api" -> management(table, steps);
            case "health" ->
                steps.size() == 1 ? Served.get((h, body) -> answer(Answers.ok(HEALTHY))) : Optional.empty();
            case "version" ->
                steps.size() == 1 ? Served.get((h, body) -> answer(Answers.ok(version))) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Served> invocations(RouteTable table, List<String> steps) {
        if (steps.size() != 3 || !steps.get(2).equals("invocations")) {
            return Optional.empty();
        }
        boolean shared = steps.get(0).equals("gateway");
        return table.find(steps.get(1))
                .flatMap(route -> Served.post((head, bytes) -> invoke(route, shared, head, bytes)));
    }

    private Mono<Answer> invoke(TargetRoute route, boolean shared, Head head, byte[] bytes) {
        Invocation.requireJson(head);
        Body body = Invocation.scan(bytes);
        boolean classic = shared && SharedPath.classic(head, route, body);
        return invocation.run(head, classic ? CLASSIC : DEPLOYMENTS, route, body);
    }

    private Optional<Served> openAi(RouteTable table, List<String> steps) {
        return switch (String.join("/", steps)) {
            case "v1/chat/completions" -> Served.post((head, body) -> openAi.invoke(table, Task.CHAT, head, body));
            case "v1/completions" -> Served.post((head, body) -> openAi.invoke(table, Task.COMPLETIONS, head, body));
            case "v1/embeddings" -> Served.post((head, body) -> openAi.invoke(table, Task.EMBEDDINGS, head, body));
            case "v1/models" -> Served.get((head, body) -> answer(openAi.models(table)));
            default ->
                steps.size() == 3 && steps.get(1).equals("models")
                        ? Served.get((head, body) -> answer(openAi.model(table, steps.get(2))))
                        : Optional.empty();
        };
    }

    private static Optional<Served> management(RouteTable table, List<String> steps) {
        String last = steps.get(steps.size() - 1);
        return switch (steps.size() + " " + String.join("/", steps.subList(0, Math.min(4, steps.size())))) {
            case "4 api/2.0/gateway/routes" -> Served.get((head, body) -> answer(Descriptions.routes(table, head)));
            case "5 api/2.0/gateway/routes" -> Served.get((head, body) -> answer(Descriptions.route(table, last)));
            case "3 api/2.0/endpoints" -> Served.get((head, body) -> answer(Descriptions.endpoints(table, head)));
            case "4 api/2.0/gateway/limits" -> Served.post(LimitsApi::set);
            case "5 api/2.0/gateway/limits", "5 api/2.0/endpoints/limits" -> Served.get(LimitsApi::get);
            case "5 api/3.0/gateway/endpoint" -> Served.get((head, body) -> answer(Descriptions.endpoint(table, last)));
            case "5 api/3.0/gateway/route" -> Served.get((head, body) -> answer(Descriptions.split(table, last)));
            default ->
                steps.size() == 4 && steps.subList(0, 3).equals(List.of("api", "2.0", "endpoints"))
                        ? Served.get((head, body) -> answer(Descriptions.endpoint(table, last)))
                        : Optional.empty();
        };
    }

    private static Mono<Answer> answer(Answer answer) {
        return Mono.just(answer);
    }

    private static Endpoint notAllowed(String method) {
        return (head, body) -> {
            Failure failure = Failure.of(Failure.Kind.METHOD_NOT_ALLOWED, "Method Not Allowed");
            Answer.Whole refusal = errors(head).answer(head.id(), failure);
            Map<String, String> headers = new java.util.HashMap<>(refusal.headers());
            headers.put("allow", method);
            return answer(new Answer.Whole(refusal.status(), headers, refusal.body()));
        };
    }
}
