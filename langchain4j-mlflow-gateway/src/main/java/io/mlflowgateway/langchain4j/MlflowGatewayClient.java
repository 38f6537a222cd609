package io.mlflowgateway.langchain4j;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import io.mlflowgateway.langchain4j.internal.Json;
import io.mlflowgateway.langchain4j.internal.Listing;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.internal.WholeAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists and describes the routes of a gateway, calls them with raw bodies, and lends its connections to models. Safe for
 * use by many threads. Methods block the caller and fail with LangChain4j's exception types.
 *
 * <pre>{@code
 * try (MlflowGatewayClient client = MlflowGatewayClient.builder()
 *         .baseUrl("http://127.0.0.1:5000")
 *         .build()) {
 *     client.searchRoutes().forEach(route -> System.out.println(route.name()));
 *     ChatModel model = MlflowGatewayChatModel.builder().client(client).route("chat").build();
 * }
 * }</pre>
 */
public class MlflowGatewayClient implements AutoCloseable {

    private static final int MOST_PAGES = 1_000;

    private final GatewayConnection connection;
    private final Listing routes;
    private final Listing endpoints;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayClient(MlflowGatewayBuilder<?> builder) {
        this.connection = builder.connect();
        this.routes = Listing.routes(connection);
        this.endpoints = Listing.endpoints(connection);
    }

    /** {@return all routes, page after page} */
    public List<Route> searchRoutes() {
        return all(this::searchRoutes);
    }

    /**
     * One page of routes.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Page<Route> searchRoutes(@Nullable String pageToken) {
        return page(routes, pageToken, json -> Route.from(json, connection.baseUrl()));
    }

    /**
     * One route.
     *
     * @param name of the route
     * @return its description
     */
    public Route getRoute(String name) {
        return Route.from(Blocking.await(routes.one(name)), connection.baseUrl());
    }

    /** {@return all endpoints, page after page; MLflow 2.9 and newer} */
    public List<Endpoint> listEndpoints() {
        return all(this::listEndpoints);
    }

    /**
     * One page of endpoints; MLflow 2.9 and newer.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Page<Endpoint> listEndpoints(@Nullable String pageToken) {
        return page(endpoints, pageToken, json -> Endpoint.from(json, connection.baseUrl()));
    }

    /**
     * One endpoint; MLflow 2.9 and newer.
     *
     * @param name of the endpoint
     * @return its description
     */
    public Endpoint getEndpoint(String name) {
        return Endpoint.from(Blocking.await(endpoints.one(name)), connection.baseUrl());
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param body JSON-like values in the shape of the dialect spoken
     * @return the answer as JSON-like values
     */
    public Map<String, Object> query(String route, Map<String, ?> body) {
        byte[] bytes = Json.bytes(body);
        return Json.map(Blocking.await(connection.post(RouteCall.to(route), shape -> bytes))
                .json());
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param json the body, sent as it is
     * @return the answer's body, as it came
     */
    public String query(String route, String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return new String(
                Blocking.await(connection.post(RouteCall.to(route), shape -> bytes))
                        .body(),
                UTF_8);
    }

    /** {@return what the server says about itself} */
    public Health health() {
        WholeAnswer answer = Blocking.await(connection.get("/health"));
        return new Health(Json.text(answer.json(), "status").orElse(""));
    }

    /** Fails the calls under way and all later ones, also those of the models that share this client. */
    @Override
    public void close() {
        connection.close();
    }

    /** {@return a builder} */
    public static MlflowGatewayClientBuilder builder() {
        return new MlflowGatewayClientBuilder();
    }

    final GatewayConnection connection() {
        return connection;
    }

    private static <T> Page<T> page(Listing listing, @Nullable String token, Function<JsonNode, T> reader) {
        Listing.Items items = Blocking.await(listing.page(Optional.ofNullable(token)));
        return new Page<>(items.list().stream().map(reader).toList(), items.nextPageToken());
    }

    private static <T> List<T> all(Function<@Nullable String, Page<T>> pages) {
        List<T> all = new ArrayList<>();
        Optional<String> token = Optional.empty();
        for (int count = 0; count < MOST_PAGES; count++) {
            Page<T> page = pages.apply(token.orElse(null));
            all.addAll(page.items());
            if (page.nextPageToken().isEmpty() || page.nextPageToken().equals(token)) {
                return List.copyOf(all);
            }
            token = page.nextPageToken();
        }
        throw new IllegalStateException("the list did not end after " + MOST_PAGES + " pages");
    }

    /** The address only. */
    @Override
    public String toString() {
        return "MlflowGatewayClient{" + connection.baseUrl() + "}";
    }

    /** Builds the client. */
    public static class MlflowGatewayClientBuilder extends MlflowGatewayBuilder<MlflowGatewayClientBuilder> {

        /** Use {@link MlflowGatewayClient#builder()}; public so that it can be extended. */
        public MlflowGatewayClientBuilder() {}

        /** {@return the client} */
        public MlflowGatewayClient build() {
            return new MlflowGatewayClient(this);
        }
    }
}
