package io.mlflowgateway.bench;

import io.mlflowgateway.server.config.ConfigReader;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.credential.Credentials;
import io.mlflowgateway.server.provider.Providers;
import io.mlflowgateway.server.provider.Senders;
import io.mlflowgateway.server.query.StreamCaps;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.RouteTables;
import io.mlflowgateway.server.routing.TargetStates;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tables of routes as a configuration brings them. */
final class Tables {
    private static final Duration LONG = Duration.ofHours(1);
    private static final UpstreamSettings SETTINGS = new UpstreamSettings(LONG, LONG, LONG, LONG, LONG, 1 << 20, 1);

    private Tables() {}

    /** Chat routes named {@code route-0} and so on. */
    static RouteTable of(int routes) {
        StringBuilder file = new StringBuilder("endpoints:\n");
        for (int i = 0; i < routes; i++) {
            file.append("  - name: route-").append(i);
            file.append("\n    endpoint_type: llm/v1/chat\n    model: {provider: echo, name: echo}\n");
        }
        Providers providers = new Providers();
        Senders senders = (owner, settings, name, target) -> (sent, deadline) -> Mono.never();
        Clock clock = Clock.systemUTC();
        RouteTables tables = new RouteTables(
                providers,
                senders,
                new Credentials(
                        senders, SETTINGS, clock, System::nanoTime, Schedulers.immediate(), fetched -> {}, Map.of()),
                SETTINGS,
                StreamCaps.NONE,
                clock,
                new TargetStates(System::nanoTime),
                Schedulers.immediate());
        try {
            return tables.of(
                    new ConfigReader(providers.specs(), Map.of()).read("bench.yaml", Documents.utf8(file.toString())));
        } catch (InvalidConfig e) {
            throw new IllegalStateException(e);
        }
    }
}
