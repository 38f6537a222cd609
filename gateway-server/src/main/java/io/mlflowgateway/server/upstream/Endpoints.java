package io.mlflowgateway.server.upstream;

import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The URLs one target is posted to, each worked out once: its pool and what of its requests is always the same. URLs come
 * from the configuration only, so there are few.
 */
final class Endpoints {
    /** More than one target has; a bound for what models that come and go leave behind. */
    private static final int KEPT = 1_000;

    /** A URL that is posted to. */
    record Endpoint(Pool pool, Requests requests) {
        /** With port, for messages. */
        String host() {
            return pool.place().toString();
        }
    }

    private final Map<String, Endpoint> byUrl = new ConcurrentHashMap<>();
    private final Upstreams upstreams;
    private final Pool.Way way;

    // Both guarded by upstreams.
    private final Set<Pool> pools = new HashSet<>();
    private boolean dropped;

    Endpoints(Upstreams upstreams, Pool.Way way) {
        this.upstreams = upstreams;
        this.way = way;
    }

    Pool.Way way() {
        return way;
    }

    /** The pools it has asked for. */
    Set<Pool> pools() {
        return pools;
    }

    /** No route has this target any more. */
    void drop() {
        dropped = true;
    }

    boolean dropped() {
        return dropped;
    }

    /** @throws IllegalArgumentException when the URL is not an absolute http or https one */
    Endpoint of(String url) {
        Endpoint known = byUrl.get(url);
        if (known != null) {
            return known;
        }
        Endpoint made = make(URI.create(URI.create(url).toASCIIString()));
        if (byUrl.size() >= KEPT) {
            byUrl.clear();
        }
        byUrl.put(url, made);
        return made;
    }

    private Endpoint make(URI url) {
        Pool pool = upstreams.pool(this, Place.of(url));
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String pathAndQuery = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
        return new Endpoint(pool, new Requests(pool.place(), pathAndQuery));
    }
}
