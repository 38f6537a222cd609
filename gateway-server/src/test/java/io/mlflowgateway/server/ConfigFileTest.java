package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.ServerSetting;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
    @Test
    void routes_with_settings_of_their_own_are_counted() {
        RouteConfig plain = route("a", Map.of());
        RouteConfig own = route("b", Map.of(ServerSetting.FIRST_BYTE_TIMEOUT, "5s"));

        assertThat(ConfigFile.routes(config(plain))).isEqualTo("1 routes");
        assertThat(ConfigFile.routes(config(plain, own))).isEqualTo("2 routes, 1 with settings of their own");
    }

    private static GatewayConfig config(RouteConfig... routes) {
        return new GatewayConfig(List.of(routes), Map.of(), List.of(), "v");
    }

    private static RouteConfig route(String name, Map<ServerSetting, String> own) {
        RouteConfig.Target target = new RouteConfig.Target(name, "echo", "echo", Settings.NONE, 100);
        return new RouteConfig(name, Task.CHAT, false, List.of(target), false, Optional.empty(), own);
    }
}
