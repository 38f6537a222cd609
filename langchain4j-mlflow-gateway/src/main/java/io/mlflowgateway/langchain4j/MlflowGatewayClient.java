package io.mlflowgateway.langchain4j;

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

    /** Use {@link #builder()}. */
    public MlflowGatewayClient(MlflowGatewayClientBuilder builder) {}

    /** {@return all routes, page after page} */
    public List<Route> searchRoutes() {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * One page of routes.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Page<Route> searchRoutes(@Nullable String pageToken) {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * One route.
     *
     * @param name of the route
     * @return its description
     */
    public Route getRoute(String name) {
        throw new UnsupportedOperationException("being built");
    }

    /** {@return all endpoints, page after page; MLflow 2.9 and newer} */
    public List<Endpoint> listEndpoints() {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * One page of endpoints.
     *
     * @param pageToken of the page before; null for the first
     * @return the page
     */
    public Page<Endpoint> listEndpoints(@Nullable String pageToken) {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * One endpoint; MLflow 2.9 and newer.
     *
     * @param name of the endpoint
     * @return its description
     */
    public Endpoint getEndpoint(String name) {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param body JSON-like values in the shape of the dialect spoken
     * @return the answer as JSON-like values
     */
    public Map<String, Object> query(String route, Map<String, ?> body) {
        throw new UnsupportedOperationException("being built");
    }

    /**
     * Calls a route with a body of the caller's making.
     *
     * @param route its name
     * @param json the body, sent as it is
     * @return the answer's body, as it came
     */
    public String query(String route, String json) {
        throw new UnsupportedOperationException("being built");
    }

    /** {@return what the server says about itself} */
    public Health health() {
        throw new UnsupportedOperationException("being built");
    }

    /** Ends running calls with an error; the models that share this client can be used no more. */
    @Override
    public void close() {}

    /** {@return a builder} */
    public static MlflowGatewayClientBuilder builder() {
        return new MlflowGatewayClientBuilder();
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
