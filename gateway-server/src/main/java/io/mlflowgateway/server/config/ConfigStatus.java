package io.mlflowgateway.server.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How it stands with the configuration of a running gateway.
 *
 * @param file that is watched, as it was given; empty for none
 * @param last how its last change ended
 * @param server values of the {@code server:} block the gateway was started with, by setting name
 */
public record ConfigStatus(Optional<Path> file, ReloadOutcome last, Map<String, String> server) {
    public ConfigStatus {
        server = Map.copyOf(server);
    }
}
