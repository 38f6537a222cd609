package io.mlflowgateway.server.config;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How many routes one configuration has that another has not, or has otherwise. Credentials count. */
record RouteChanges(long added, long removed, long changed) {
    static RouteChanges between(GatewayConfig before, GatewayConfig after) {
        Map<String, RouteConfig> old = byName(before);
        Map<String, RouteConfig> now = byName(after);
        long kept = now.keySet().stream().filter(old::containsKey).count();
        long same = now.values().stream()
                .filter(route -> route.equals(old.get(route.name())))
                .count();
        return new RouteChanges(now.size() - kept, old.size() - kept, kept - same);
    }

    private static Map<String, RouteConfig> byName(GatewayConfig config) {
        return config.routes().stream().collect(Collectors.toMap(RouteConfig::name, Function.identity()));
    }

    @Override
    public String toString() {
        return added + " added, " + removed + " removed, " + changed + " changed";
    }
}
