package io.mlflowgateway.langchain4j;

import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import java.util.List;
import java.util.Map;
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

    private final GatewayConnection connection;
    private final MlflowGatewayReactiveClient reactive;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayClient(MlflowGatewayBuilder<?> builder) {
        this.connection = builder.connect();
        this.reactive = new MlflowGatewayReactiveClient(connection);
    }

    /** {@return the same methods for callers that must not block, over the same connections} */
    public MlflowGatewayReactiveClient reactive() {
        return reactive;
    }

    /** {@return all routes, page after page} */
    public List<Route> searchRoutes() {
        return Blocking.await(reactive.searchRoutes().collectList());
    }

    /**
     * One page of routes.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Page<Route> searchRoutes(@Nullable String pageToken) {
        return Blocking.await(reactive.searchRoutes(pageToken));
    }

    /**
     * One route.
     *
     * @param name of the route
     * @return its description
     */
    public Route getRoute(String name) {
        return Blocking.await(reactive.getRoute(name));
    }

    /** {@return all endpoints, page after page; MLflow 2.9 and newer} */
    public List<Endpoint> listEndpoints() {
        return Blocking.await(reactive.listEndpoints().collectList());
    }

    /**
     * One page of endpoints; MLflow 2.9 and newer.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Page<Endpoint> listEndpoints(@Nullable String pageToken) {
        return Blocking.await(reactive.listEndpoints(pageToken));
    }

    /**
     * One endpoint; MLflow 2.9 and newer.
     *
     * @param name of the endpoint
     * @return its description
     */
    public Endpoint getEndpoint(String name) {
        return Blocking.await(reactive.getEndpoint(name));
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param body JSON-like values in the shape of the dialect spoken
     * @return the answer as JSON-like values
     */
    public Map<String, Object> query(String route, Map<String, ?> body) {
        return Blocking.await(reactive.query(route, body));
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param json the body, sent as it is
     * @return the answer's body, as it came
     */
    public String query(String route, String json) {
        return Blocking.await(reactive.query(route, json));
    }

    /** {@return what the server says about itself} */
    public Health health() {
        return Blocking.await(reactive.health());
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
