package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.testing.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.resources.LoopResources;

/** The edge alone on a free port, in front of a {@link TestSite}. */
final class TestServer implements AutoCloseable {
    final TestSite site = new TestSite();
    final Observed observed = new Observed();
    final MemoryCap memory;
    private final LoopResources loops;
    private final HttpServer server;

    private TestServer(Map<String, String> settings, MemoryCap memory) {
        this.memory = memory;
        loops = LoopResources.create("edge", 1, 2, true, true);
        AtomicInteger ids = new AtomicInteger();
        try {
            server = HttpServer.start(
                    config(settings), loops, site, () -> "id-" + ids.incrementAndGet(), observed, memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts with these settings, by name; what is not given is short. */
    static TestServer with(Map<String, String> settings) {
        return with(settings, MemoryCap.ofThisProcess());
    }

    static TestServer with(Map<String, String> settings, MemoryCap memory) {
        return new TestServer(settings, memory);
    }

    private static ServerConfig config(Map<String, String> settings) {
        Map<String, String> flags = new HashMap<>(Map.of(
                "port", "0",
                "workers", "2",
                "request-head-timeout", "1200ms",
                "request-body-timeout", "1200ms",
                "drain-timeout", "1200ms",
                "total-timeout", "30s"));
        flags.putAll(settings);
        try {
            return new ServerConfigReader(Map.of(), 2).read(flags, Map.of()).config();
        } catch (InvalidConfig e) {
            throw new IllegalArgumentException(e);
        }
    }

    int port() {
        return server.port();
    }

    HttpServer server() {
        return server;
    }

    RawConnection connect() {
        return new RawConnection(port());
    }

    void drain() {
        server.drain();
    }

    @Override
    public void close() {
        server.drain();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
    }
}
