package io.mlflowgateway.langchain4j;

import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all models share: which route answers, and over which client.
 *
 * @param <B> the builder itself
 */
public abstract class MlflowGatewayModelBuilder<B extends MlflowGatewayModelBuilder<B>>
        extends MlflowGatewayBuilder<B> {

    private @Nullable MlflowGatewayClient client;
    private @Nullable String route;

    /** For the builders of this package. */
    MlflowGatewayModelBuilder() {}

    /**
     * Shares one client, its connections and what it found out about the server, among many models. It already says how
     * the gateway is reached, so {@code baseUrl} and the other settings of {@link MlflowGatewayBuilder} may not be set as
     * well.
     *
     * @param client closed by whoever made it
     * @return this builder
     */
    public B client(@Nullable MlflowGatewayClient client) {
        this.client = client;
        return self();
    }

    /**
     * The name of the route that answers when a request names none.
     *
     * @param route as configured in the gateway
     * @return this builder
     */
    public B route(@Nullable String route) {
        this.route = route;
        return self();
    }

    /**
     * The same as {@link #route(String)}: LangChain4j's word for it.
     *
     * @param modelName the route's name
     * @return this builder
     */
    public B modelName(@Nullable String modelName) {
        return route(modelName);
    }

    /**
     * The same as {@link #route(String)}: the word of MLflow 2.9 and newer.
     *
     * @param endpoint the route's name
     * @return this builder
     */
    public B endpoint(@Nullable String endpoint) {
        return route(endpoint);
    }

    final @Nullable String routeName() {
        return route;
    }

    /** The connection of the shared client, or one of the model's own. */
    final GatewayConnection connection() {
        if (client == null) {
            return connect();
        }
        refuseConnectionSettings();
        return client.connection();
    }
}
