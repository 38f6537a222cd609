package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import reactor.core.publisher.Mono;

/** Lists and describes routes, the way each generation of the API does. */
public final class Listing {

    private final GatewayConnection connection;
    private final String path;
    private final String items;

    private Listing(GatewayConnection connection, String path, String items) {
        this.connection = connection;
        this.path = path;
        this.items = items;
    }

    /**
     * Routes of MLflow 2.5 and newer.
     *
     * @param connection to the gateway
     * @return their list
     */
    public static Listing routes(GatewayConnection connection) {
        return new Listing(connection, ShapeDetection.ROUTES, "routes");
    }

    /**
     * Endpoints of MLflow 2.9 and newer.
     *
     * @param connection to the gateway
     * @return their list
     */
    public static Listing endpoints(GatewayConnection connection) {
        return new Listing(connection, ShapeDetection.ENDPOINTS, "endpoints");
    }

    /**
     * Serving endpoints of a Databricks workspace.
     *
     * @param connection to the workspace
     * @return their list
     */
    public static Listing servingEndpoints(GatewayConnection connection) {
        return new Listing(connection, "/api/2.0/serving-endpoints", "endpoints");
    }

    /**
     * Models of OpenAI's API.
     *
     * @param connection to the server
     * @return their list
     */
    public static Listing models(GatewayConnection connection) {
        return new Listing(connection, "/models", "data");
    }

    /**
     * One page.
     *
     * @param token of the page before; empty for the first
     * @return its items and the token for the next
     */
    public Mono<Items> page(Optional<String> token) {
        String query = token.map(text -> "?page_token=" + BaseUrl.encoded(text)).orElse("");
        return connection.get(path + query).map(answer -> answer.read(this::items));
    }

    /**
     * One item.
     *
     * @param name of it
     * @return its description
     */
    public Mono<JsonNode> one(String name) {
        return connection
                .get(path + (path.endsWith("/") ? "" : "/") + BaseUrl.segment(name))
                .map(WholeAnswer::json);
    }

    private Items items(JsonNode json) {
        if (!(json.path(items) instanceof ArrayNode array)) {
            throw new UnreadableAnswer("the answer holds no " + items + ": is this a gateway's address?");
        }
        return new Items(
                StreamSupport.stream(array.spliterator(), false).toList(), Json.words(json, "next_page_token"));
    }

    /**
     * One page of descriptions.
     *
     * @param list in the server's order
     * @param nextPageToken empty on the last page
     */
    public record Items(List<JsonNode> list, Optional<String> nextPageToken) {}
}
