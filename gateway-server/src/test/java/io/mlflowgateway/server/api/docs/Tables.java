package io.mlflowgateway.server.api.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.TargetRoute;
import io.mlflowgateway.server.secret.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Route tables for tests of the docs page. Nothing behind them answers. */
final class Tables {
    static final String SECRET = "sk-never-shown-4711";

    private Tables() {}

    static RouteTable of(String version, RouteConfig... routes) {
        return new RouteTable(
                Arrays.stream(routes)
                        .map(route -> new TargetRoute(route, Optional.empty(), call -> Mono.never()))
                        .toList(),
                version);
    }

    static JsonNode document(RouteConfig... routes) {
        try {
            return Json.tree(new OpenApiDocument("1.2.3").of(of("v", routes)));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static RouteConfig route(String name, Task task, boolean classic) {
        return new RouteConfig(name, task, classic, List.of(target(name, 100)), false, Optional.empty(), Map.of());
    }

    static RouteConfig limited(String name, long calls, String period) {
        CallLimit limit = new CallLimit(calls, Duration.ofMinutes(1), period);
        return new RouteConfig(name, Task.CHAT, false, List.of(target(name, 100)), false, Optional.of(limit), Map.of());
    }

    static RouteConfig split(String name, String first, int firstWeight, String second, int secondWeight) {
        return two(name, true, target(first, firstWeight), target(second, secondWeight));
    }

    static RouteConfig several(String name, String first, int firstWeight, String second, int secondWeight) {
        return two(name, false, target(first, firstWeight), target(second, secondWeight));
    }

    private static RouteConfig two(String name, boolean split, RouteConfig.Target first, RouteConfig.Target second) {
        return new RouteConfig(name, Task.CHAT, false, List.of(first, second), split, Optional.empty(), Map.of());
    }

    private static RouteConfig.Target target(String name, int weight) {
        Settings settings =
                new Settings(Map.of("openai_api_base", SECRET), Map.of("openai_api_key", new Secret(SECRET)));
        return new RouteConfig.Target(name, "openai", "the-model", settings, weight);
    }
}
