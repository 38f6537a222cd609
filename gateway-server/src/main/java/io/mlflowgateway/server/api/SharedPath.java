package io.mlflowgateway.server.api;

import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.routing.TargetRoute;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which generation answers on {@code /gateway/{name}/invocations}, a path that 2.5-2.8 and later versions share. MLflow's
 * clients tell their version in {@code User-Agent}; of others, who writes a member only 2.5-2.8 knew, or asks a route that
 * was configured as one of that time ({@code route_type}), gets the classic shape.
 */
final class SharedPath {
    private static final Pattern MLFLOW_CLIENT = Pattern.compile("mlflow-python-client/(\\d{1,4})\\.(\\d{1,4})");

    private SharedPath() {}

    static boolean classic(Head head, TargetRoute route, Body body) {
        Matcher client = MLFLOW_CLIENT.matcher(head.header("user-agent").orElse(""));
        if (client.find()) {
            int major = Integer.parseInt(client.group(1));
            int minor = Integer.parseInt(client.group(2));
            return major < 2 || (major == 2 && minor < 9);
        }
        return body.has("text") || body.has("candidate_count") || route.config().classic();
    }
}
