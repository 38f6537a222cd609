package io.mlflowgateway.server.planted.api;

import io.mlflowgateway.server.planted.provider.AsksADialect;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import java.util.List;

public record AsksAProvider(AsksADialect provider, Routes routes) {
    void putsRoutesInForce() {
        routes.replace(new RouteTable(List.of(), "planted"));
    }
}
