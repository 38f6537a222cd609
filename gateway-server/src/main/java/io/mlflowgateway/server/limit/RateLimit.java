package io.mlflowgateway.server.limit;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Next;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Stage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Refuses calls past a route's {@code limit:}. One counter per route, whatever surface a call came by and whether it
 * streams. Counters outlive a reload as long as the route's limit stays the same.
 */
public final class RateLimit implements Stage {
    private final ConcurrentMap<String, FixedWindow> windows = new ConcurrentHashMap<>();
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

    /** Forgets the counters of routes that are gone, so that renamed routes leave nothing behind. */
    public void keepOnly(Set<String> routeNames) {
        windows.keySet().retainAll(routeNames);
    }

    private void take(String route, CallLimit limit) {
        long now = nanoClock.getAsLong();
        FixedWindow window = windows.get(route);
        if (window == null || !window.limit().equals(limit)) {
            window = windows.compute(
                    route, (name, old) -> old != null && old.limit().equals(limit) ? old : new FixedWindow(limit, now));
        }
        long wait = window.take(now);
        if (wait > 0) {
            long seconds =
                    Math.max(1, Duration.ofNanos(wait).plusNanos(999_999_999).toSeconds());
            throw Failure.rateLimited(limit, seconds);
        }
    }
}
