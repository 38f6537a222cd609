package io.mlflowgateway.langchain4j;

import org.jspecify.annotations.Nullable;

/** Which route a call is for. */
final class RouteNames {

    private RouteNames() {}

    static String required(@Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "no route is named: set route(...) on the builder, or modelName on the request");
        }
        return name;
    }
}
