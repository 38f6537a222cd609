package io.mlflowgateway.server.planted.provider;

import io.mlflowgateway.server.planted.api.AsksAProvider;
import java.net.Socket;
import java.time.Instant;

public record AsksADialect(AsksAProvider dialect, Socket connection) {
    Instant readsTheClock() {
        return Instant.now();
    }
}
