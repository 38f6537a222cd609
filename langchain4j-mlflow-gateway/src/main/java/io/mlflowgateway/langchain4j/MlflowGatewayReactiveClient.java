package io.mlflowgateway.langchain4j;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import io.mlflowgateway.langchain4j.internal.Json;
import io.mlflowgateway.langchain4j.internal.Listing;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.internal.WholeAnswer;
import io.mlflowgateway.langchain4j.internal.WireShape;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@link MlflowGatewayClient} for callers that must not block; made by {@link MlflowGatewayClient#reactive()} and closed
 * with it. Nothing happens before a subscription, and each asks anew. Cancelling ends the exchange and closes its
 * connection. Results come on threads of the client that must not be blocked; failures are LangChain4j's exception types.
 */
public final class MlflowGatewayReactiveClient {

    private static final int MOST_PAGES = 1_000;

    private final GatewayConnection connection;
    private final Listing routes;
    private final Listing endpoints;

    MlflowGatewayReactiveClient(GatewayConnection connection) {
        this.connection = connection;
        this.routes = RouteDescription.listing(connection);
        this.endpoints = Listing.endpoints(connection);
    }

    /** {@return all routes, page after page; the next page is asked for when it is wanted} */
    public Flux<Route> searchRoutes() {
        return all(this::searchRoutes);
    }

    /**
     * One page of routes.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Mono<Page<Route>> searchRoutes(@Nullable String pageToken) {
        return page(routes, pageToken, json -> RouteDescription.route(json, connection));
    }

    /**
     * One route.
     *
     * @param name of the route
     * @return its description
     */
    public Mono<Route> getRoute(String name) {
        return Mono.defer(() -> routes.one(name)).map(json -> RouteDescription.route(json, connection));
    }

    /** {@return all endpoints, page after page; MLflow 2.9 and newer} */
    public Flux<Endpoint> listEndpoints() {
        return all(this::listEndpoints);
    }

    /**
     * One page of endpoints; MLflow 2.9 and newer.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Mono<Page<Endpoint>> listEndpoints(@Nullable String pageToken) {
        return page(endpoints, pageToken, json -> Endpoint.from(json, connection.baseUrl()));
    }

    /**
     * One endpoint; MLflow 2.9 and newer.
     *
     * @param name of the endpoint
     * @return its description
     */
    public Mono<Endpoint> getEndpoint(String name) {
        return Mono.defer(() -> endpoints.one(name)).map(json -> Endpoint.from(json, connection.baseUrl()));
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param body JSON-like values in the shape of the dialect spoken
     * @return the answer as JSON-like values
     */
    public Mono<Map<String, Object>> query(String route, Map<String, ?> body) {
        byte[] bytes = Json.bytes(body);
        return query(route, bytes).map(answer -> Json.map(answer.json()));
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param json the body, sent as it is
     * @return the answer's body, as it came
     */
    public Mono<String> query(String route, String json) {
        return query(route, json.getBytes(UTF_8)).map(answer -> new String(answer.body(), UTF_8));
    }

    /** {@return what the server says about itself} */
    public Mono<Health> health() {
        return gatewayOfMlflow()
                ? connection
                        .get("/health")
                        .map(answer ->
                                new Health(Json.text(answer.json(), "status").orElse("")))
                : routes.page(Optional.empty()).map(listed -> new Health("OK"));
    }

    /** The others have no page for it: they are well when they can say what they have. */
    private boolean gatewayOfMlflow() {
        return connection
                .knownShape()
                .map(shape -> shape == WireShape.CLASSIC || shape == WireShape.OPENAI)
                .orElse(true);
    }

    private Mono<WholeAnswer> query(String route, byte[] body) {
        return Mono.defer(() -> connection.post(RouteCall.to(route), shape -> body));
    }

    private static <T> Mono<Page<T>> page(Listing listing, @Nullable String token, Function<JsonNode, T> reader) {
        return Mono.defer(() -> listing.page(Optional.ofNullable(token)))
                .map(items -> new Page<>(items.list().stream().map(reader).toList(), items.nextPageToken()));
    }

    private static <T> Flux<T> all(Function<@Nullable String, Mono<Page<T>>> pages) {
        return Flux.defer(() -> rest(pages, Optional.empty(), MOST_PAGES));
    }

    private static <T> Flux<T> rest(
            Function<@Nullable String, Mono<Page<T>>> pages, Optional<String> token, int allowed) {
        if (allowed == 0) {
            return Flux.error(() -> new IllegalStateException("the list did not end after " + MOST_PAGES + " pages"));
        }
        return pages.apply(token.orElse(null)).flatMapMany(page -> {
            Flux<T> items = Flux.fromIterable(page.items());
            boolean last =
                    page.nextPageToken().isEmpty() || page.nextPageToken().equals(token);
            return last ? items : items.concatWith(Flux.defer(() -> rest(pages, page.nextPageToken(), allowed - 1)));
        });
    }

    /** The address only. */
    @Override
    public String toString() {
        return "MlflowGatewayReactiveClient{" + connection.baseUrl() + "}";
    }
}
