package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Routing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is remembered of routes and targets over reloads: whoever is configured as before keeps what it has, all others
 * begin anew. One thread makes tables; calls never come here.
 */
public final class TargetStates {
    private static final Logger LOG = LoggerFactory.getLogger(TargetStates.class);

    /**
     * Of what a state is. Compared by hand: the methods a record is given are linked when they are first called, and that
     * takes a good part of a start.
     *
     * @param of what the state is made from; another one makes another state
     */
    private record Key(String kind, String route, List<Object> of) {
        @Override
        public int hashCode() {
            return 31 * kind.hashCode() + route.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && kind.equals(key.kind) && route.equals(key.route) && of.equals(key.of);
        }
    }

    private final LongSupplier nanoClock;
    private volatile Map<Object, Object> kept = Map.of();

    /** @param nanoClock monotonic, as {@link System#nanoTime()} */
    public TargetStates(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Begins the states of the next table: takes over what it asks for, and what it does not ask for is forgotten. */
    Next next() {
        return new Next();
    }

    /** The states of a table that is being made. */
    final class Next {
        private final Map<Object, Object> asked = new HashMap<>();

        private Next() {}

        /**
         * What is remembered of a route's target.
         *
         * @param name the target's, unique in the route
         * @param coolsDown whether there is another target to go to while this one asks to be left alone
         */
        TargetHealth health(
                String route,
                String name,
                RouteConfig.Target target,
                Optional<Routing.Breaker> breaker,
                boolean coolsDown) {
            // The weight is not among them: another share of the calls does not make a sick target well.
            Key key = new Key("target " + name, route, List.of(unweighed(target), breaker, coolsDown));
            return state(
                    key,
                    TargetHealth.class,
                    made -> new TargetHealth(breaker, coolsDown, nanoClock, changes(route, name)));
        }

        /** The route's budget of retries, in percent of its calls. */
        RetryBudget retries(String route, int percent) {
            return state(
                    new Key("retries", route, List.of(percent)),
                    RetryBudget.class,
                    made -> RetryBudget.ofRetries(percent, nanoClock));
        }

        /** The route's times and budget of second attempts; the parameters are those of {@link Hedge}. */
        Hedge hedge(String route, int percentile, Duration atLeast, int percent) {
            return state(
                    new Key("hedge", route, List.of(percentile, atLeast, percent)),
                    Hedge.class,
                    made -> new Hedge(percentile, atLeast, RetryBudget.ofHedges(percent, nanoClock), nanoClock));
        }

        /** The route's counts of what is asked beyond the first target. */
        ExtraAttempts extra(String route) {
            return state(new Key("extra", route, List.of()), ExtraAttempts.class, made -> new ExtraAttempts());
        }

        /** These are the states in force now. */
        void keep() {
            kept = Map.copyOf(asked);
        }

        private <T> T state(Object key, Class<T> type, Function<Object, T> make) {
            Object known = kept.get(key);
            Object state = asked.computeIfAbsent(key, made -> known == null ? make.apply(made) : known);
            return type.cast(Objects.requireNonNull(state));
        }
    }

    private static RouteConfig.Target unweighed(RouteConfig.Target target) {
        return new RouteConfig.Target(target.name(), target.provider(), target.model(), target.settings(), 1);
    }

    /** One line for each change; that a probe begins, or ends without a word, is for those who look closely. */
    private static BiConsumer<CircuitState.Phase, CircuitState> changes(String route, String target) {
        return (before, now) -> {
            if (now.phase() == CircuitState.Phase.CLOSED) {
                LOG.info("target {} of route {} is well again", target, route);
            } else if (now.phase() == CircuitState.Phase.HALF_OPEN || now.left().isZero()) {
                LOG.debug(
                        "target {} of route {} is {}",
                        target,
                        route,
                        now.phase().wireName());
            } else {
                LOG.warn(
                        "target {} of route {} is not asked for {} ms: {}",
                        target,
                        route,
                        now.left().toMillis(),
                        now.reason());
            }
        };
    }
}
