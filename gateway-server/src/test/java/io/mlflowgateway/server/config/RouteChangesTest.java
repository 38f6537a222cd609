package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.good;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RouteChangesTest {
    private static final String ROUTE =
            "- {name: %s, endpoint_type: llm/v1/chat, model: {provider: openai, name: %s, config: {openai_api_key: %s}}}%n";

    private static GatewayConfig config(String... routes) {
        return good("endpoints:\n" + String.join("", routes));
    }

    private static String route(String name, String model, String key) {
        return ROUTE.formatted(name, model, key);
    }

    @Test
    void routes_are_counted_by_name_and_a_credential_is_a_change() {
        GatewayConfig before = config(
                route("same", "m", "k"), route("model", "m", "k"), route("key", "m", "k"), route("gone", "m", "k"));
        GatewayConfig after = config(
                route("new", "m", "k"),
                route("key", "m", "other"),
                route("model", "n", "k"),
                route("newer", "m", "k"),
                route("same", "m", "k"));

        assertThat(RouteChanges.between(before, after)).isEqualTo(new RouteChanges(2, 1, 2));
        assertThat(RouteChanges.between(after, after)).hasToString("0 added, 0 removed, 0 changed");
    }
}
