package io.mlflowgateway.server.limit;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.CallLimit;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Next;
import io.mlflowgateway.server.query.Notes;
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
            take(call, call.route().limit().get());
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

    private void take(Call call, CallLimit limit) {
        long now = nanoClock.getAsLong();
        Key key = new Key(call.route().name(), limit);
        FixedWindow window = windows.get(key);
        if (window == null) {
            window = windows.computeIfAbsent(key, first -> new FixedWindow(limit, now));
        }
        FixedWindow.Taken taken = window.take(now);
        long seconds = secondsRoundedUp(taken.nanosLeft());
        call.notes().counted(new Notes.LimitState(limit.calls(), taken.remaining(), seconds));
        if (!taken.passed()) {
            throw Failure.rateLimited(limit, seconds);
        }
    }

    private static long secondsRoundedUp(long nanos) {
        return Duration.ofNanos(nanos).plusNanos(999_999_999).toSeconds();
    }
}
