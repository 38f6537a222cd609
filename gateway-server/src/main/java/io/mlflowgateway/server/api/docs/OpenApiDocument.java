package io.mlflowgateway.server.api.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.TargetRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes the OpenAPI 3.1 document of a table of routes. Shapes and the paths every gateway has stand in
 * {@code openapi.json} beside this class; here come the paths of the routes.
 */
public final class OpenApiDocument {
    private final JsonNode fixed;
    private final String version;

    /** @param version of the gateway */
    public OpenApiDocument(String version) {
        this.version = version;
        this.fixed = fixed();
    }

    /** The document as UTF-8 JSON. Thread-safe. */
    public byte[] of(RouteTable table) {
        ObjectNode document = fixed.deepCopy();
        ((ObjectNode) document.path("info")).put("version", version);
        ObjectNode paths = JsonNodeFactory.instance.objectNode();
        for (Task task : Task.values()) {
            List<TargetRoute> routes =
                    table.all().stream().filter(route -> route.task() == task).toList();
            if (!routes.isEmpty()) {
                OpenAiOperation operation = new OpenAiOperation(task, routes);
                paths.putObject(operation.path()).set("post", operation.json());
            }
        }
        for (TargetRoute route : table.all()) {
            RouteOperations operations = new RouteOperations(route);
            paths.putObject("/gateway/" + route.name() + "/invocations").set("post", operations.gateway());
            paths.putObject("/endpoints/" + route.name() + "/invocations").set("post", operations.endpoint());
        }
        paths.setAll((ObjectNode) document.path("paths"));
        document.set("paths", paths);
        table.all().stream().findFirst().ifPresent(route -> nameExample(document, route.name()));
        return Json.bytes(document);
    }

    /** So that the listings of one route work when tried as they stand. */
    private static void nameExample(ObjectNode document, String name) {
        ((ObjectNode) document.at("/components/parameters/RouteName")).put("example", name);
    }

    private static JsonNode fixed() {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: openapi.json");
            }
            return Json.tree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read: openapi.json", e);
        }
    }
}
