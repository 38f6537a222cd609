package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.Senders;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.netty.resources.LoopResources;

/** The clients of all routes: one for each way upstreams are treated, so that unchanged ones keep their connections. */
public final class Upstreams implements Senders, AutoCloseable {
    private final ConcurrentMap<UpstreamSettings, HttpUpstream> clients = new ConcurrentHashMap<>();
    private final LoopResources loops;

    /** @param loops shared with the server's edge, so that a call stays on one thread; not closed here */
    public Upstreams(LoopResources loops) {
        this.loops = loops;
    }

    @Override
    public Sender sender(String route, UpstreamSettings settings) {
        return clients.computeIfAbsent(settings, how -> new HttpUpstream(loops, how));
    }

    /** Closes the pooled connections; exchanges under way fail. */
    @Override
    public void close() {
        clients.values().forEach(HttpUpstream::close);
    }
}
