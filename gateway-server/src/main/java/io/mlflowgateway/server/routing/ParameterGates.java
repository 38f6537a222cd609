package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.OnUnsupported;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.parameter.ParameterGate;
import io.mlflowgateway.server.provider.parameter.ParameterTable;
import java.util.HashMap;
import java.util.Map;

/** The gates of one table of routes: targets that treat parameters alike share one, be they thousands. */
final class ParameterGates {
    private record Key(String provider, OnUnsupported policy, ParameterTable table) {}

    private final Map<Key, ParameterGate> gates = new HashMap<>();

    ParameterGate of(Provider provider, RouteConfig route, RouteConfig.Target target) {
        ParameterTable table = provider.parameters(route.task(), target.model(), target.settings());
        Key key = new Key(target.provider(), route.onUnsupported(), table);
        return gates.computeIfAbsent(key, found -> new ParameterGate(table, found.policy(), found.provider()));
    }
}
