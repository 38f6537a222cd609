package io.mlflowgateway.samples;

import dev.langchain4j.model.embedding.EmbeddingModel;
import io.mlflowgateway.langchain4j.MlflowGatewayClient;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import io.mlflowgateway.langchain4j.Route;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** One client for all models of an application, which can also say what the gateway has. */
public final class WhatIsThere {
    private WhatIsThere() {}

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return the names of the routes */
    public static List<String> run(String gateway, PrintStream out) {
        // tag::client[]
        try (MlflowGatewayClient client =
                MlflowGatewayClient.builder().baseUrl(gateway).build()) {
            out.println("healthy: " + client.health().ok());
            List<Route> routes = client.searchRoutes();
            routes.forEach(route -> out.println(route.name() + " " + route.routeType()));

            EmbeddingModel embeddings = MlflowGatewayEmbeddingModel.builder()
                    .client(client)
                    .route("embeddings")
                    .build();
            out.println("vectors of " + embeddings.dimension() + " numbers");

            Map<String, Object> raw = client.query("completions", Map.of("prompt", "Once upon"));
            out.println(raw.get("choices"));
            // end::client[]
            return routes.stream().map(Route::name).toList();
            // tag::client[]
        }
        // end::client[]
    }
}
