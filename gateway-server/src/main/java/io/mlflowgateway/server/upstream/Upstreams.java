package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.Senders;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

/**
 * The ways to all upstreams. Targets that are called alike share connections, and keep them over a reload; what no route
 * uses any more is let go of by {@link #keepOnly}. Thread-safe.
 */
public final class Upstreams implements Senders, AutoCloseable {
    // Both compared by hand: the methods a record is given are linked when they are first called, and that takes long.
    private record Target(Pool.Way way, String provider, Settings settings) {
        @Override
        public int hashCode() {
            return 31 * (31 * way.hashCode() + provider.hashCode())
                    + settings.texts().hashCode()
                    + settings.secrets().hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Target target
                    && way.equals(target.way)
                    && provider.equals(target.provider)
                    && settings.texts().equals(target.settings.texts())
                    && settings.secrets().equals(target.settings.secrets());
        }
    }

    private record Connections(Pool.Way way, Place place) {
        @Override
        public int hashCode() {
            return 31 * way.hashCode() + place.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Connections connections
                    && way.equals(connections.way)
                    && place.equals(connections.place);
        }
    }

    private final Transport transport;
    private final AnswerMemory memory;

    // Both guarded by this.
    private final Map<Target, Endpoints> targets = new HashMap<>();
    private final Map<Connections, Pool> pools = new HashMap<>();

    /** @param loops shared with the server's edge, so that a call stays on one thread; not closed here */
    public Upstreams(LoopResources loops) {
        this(new Transport(loops), AnswerMemory.ofThisProcess());
    }

    /** @param memory shared by the answers of all upstreams */
    Upstreams(Transport transport, AnswerMemory memory) {
        this.transport = transport;
        this.memory = memory;
    }

    @Override
    public synchronized Sender sender(
            Optional<String> owner, UpstreamSettings settings, String provider, Settings target) {
        Pool.Way way = Pool.Way.of(owner, settings);
        Endpoints endpoints =
                targets.computeIfAbsent(new Target(way, provider, target), called -> new Endpoints(this, way));
        return new HttpUpstream(endpoints, settings, transport, memory);
    }

    /** The pool for this place, noted as one that the endpoints use. One that takes nobody for dropped endpoints. */
    synchronized Pool pool(Endpoints asking, Place place) {
        if (asking.dropped()) {
            Pool gone = new Pool(asking.way(), place, transport);
            gone.letGo();
            return gone;
        }
        Pool pool = pools.computeIfAbsent(
                new Connections(asking.way(), place), made -> new Pool(made.way(), made.place(), transport));
        asking.pools().add(pool);
        return pool;
    }

    /**
     * Lets go of everything that is not for these senders. Exchanges under way end as they would have; a call that still
     * comes by another sender goes out on a connection of its own.
     */
    public synchronized void keepOnly(Set<Sender> inUse) {
        Set<Endpoints> kept = inUse.stream()
                .filter(HttpUpstream.class::isInstance)
                .map(sender -> ((HttpUpstream) sender).endpoints())
                .collect(Collectors.toSet());
        targets.values().stream().filter(target -> !kept.contains(target)).forEach(Endpoints::drop);
        targets.values().retainAll(kept);
        Set<Pool> used = new HashSet<>();
        kept.forEach(target -> used.addAll(target.pools()));
        pools.values().stream().filter(pool -> !used.contains(pool)).forEach(Pool::letGo);
        pools.values().retainAll(used);
    }

    /** How many targets there are. */
    synchronized int targets() {
        return targets.size();
    }

    /** How many upstreams connections are kept to, one counted for each way they are made. */
    synchronized int pools() {
        return pools.size();
    }

    /** Closes the pooled connections; exchanges under way fail. */
    @Override
    public synchronized void close() {
        pools.values().forEach(Pool::close);
        transport.close();
    }
}
