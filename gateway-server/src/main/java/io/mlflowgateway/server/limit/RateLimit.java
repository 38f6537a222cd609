package io.mlflowgateway.server.limit;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Next;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Stage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Refuses calls past a route's {@code limit:}. One counter per route, whatever surface a call came by and whether it
 * streams. Counters outlive a reload as long as the route's limit stays the same; a changed limit counts from zero, once,
 * though calls that began before the reload may still come under the old one.
 */
public final class RateLimit implements Stage {
    private record Key(String route, CallLimit limit) {}

    private final ConcurrentMap<Key, FixedWindow> windows = new ConcurrentHashMap<>();
    private final LongSupplier nanoClock;

    /** @param nanoClock monotonic, as {@link System#nanoTime()} */
    public RateLimit(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public Mono<Reply> handle(Call call, Next next) {
        if (call.route().limit().isPresent()) {
            take(call.route().name(), call.route().limit().get());
        }
        return next.proceed(call);
    }

    /**
     * Forgets the counters of every other route and limit, so that renamed routes leave nothing behind.
     *
     * @param limits in force, by route name
     */
    public void keepOnly(Map<String, CallLimit> limits) {
        windows.keySet().removeIf(key -> !key.limit().equals(limits.get(key.route())));
    }

    private void take(String route, CallLimit limit) {
        long now = nanoClock.getAsLong();
        Key key = new Key(route, limit);
        FixedWindow window = windows.get(key);
        if (window == null) {
            window = windows.computeIfAbsent(key, first -> new FixedWindow(limit, now));
        }
        long wait = window.take(now);
        if (wait > 0) {
            long seconds =
                    Math.max(1, Duration.ofNanos(wait).plusNanos(999_999_999).toSeconds());
            throw Failure.rateLimited(limit, seconds);
        }
    }
}
