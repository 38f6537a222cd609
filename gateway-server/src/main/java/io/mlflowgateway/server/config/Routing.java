package io.mlflowgateway.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the targets of a route share its calls, and what is done when one fails: {@code routing:}.
 *
 * @param balance in which order targets are asked
 * @param stickyBy what keeps calls at one target; only with {@link Balance#WEIGHTED}
 * @param fallback whether another target is asked when one has failed
 * @param retries how often one target is asked again
 * @param breaker when a target is left alone; empty for never
 * @param hedge when a second target is asked beside the first; empty for never
 */
public record Routing(
        Balance balance,
        Optional<StickyKey> stickyBy,
        boolean fallback,
        Retries retries,
        Optional<Breaker> breaker,
        Optional<Hedge> hedge) {

    /** Calls by weight, one attempt each: what a route does that says nothing. */
    public static final Routing PLAIN =
            new Routing(Balance.WEIGHTED, Optional.empty(), false, Retries.NONE, Optional.empty(), Optional.empty());

    /** Whether this is what a route does that says nothing. */
    public boolean isPlain() {
        // Not equals(PLAIN): the methods a record is given are linked when they are first called, which takes long at
        // start.
        return balance == Balance.WEIGHTED
                && stickyBy.isEmpty()
                && !fallback
                && retries.attempts() == 0
                && breaker.isEmpty()
                && hedge.isEmpty();
    }

    /** In which order the targets are asked. */
    public enum Balance {
        /** By weight, exactly over time. */
        WEIGHTED("weighted"),
        /** As they stand in the file. */
        IN_ORDER("in-order"),
        /** Fewest calls under way, by weight, first. */
        LEAST_BUSY("least-busy"),
        /** Shortest time to the first piece first. */
        LOWEST_LATENCY("lowest-latency"),
        /** Lowest price first. */
        CHEAPEST("cheapest");

        private final String word;

        Balance(String word) {
            this.word = word;
        }

        /** As the configuration spells it. */
        public String word() {
            return word;
        }

        static List<String> words() {
            return List.of(values()).stream().map(Balance::word).toList();
        }

        static Optional<Balance> of(String word) {
            return List.of(values()).stream()
                    .filter(balance -> balance.word.equals(word))
                    .findFirst();
        }
    }

    /**
     * Where the text stands that keeps calls at one target. A call without it is balanced as any other.
     *
     * @param name of a request header, in lower case, or of a string among the top-level members of the body
     */
    public record StickyKey(Place place, String name) {
        /** Where it stands. */
        public enum Place {
            HEADER("header"),
            BODY("body");

            private final String word;

            Place(String word) {
                this.word = word;
            }

            /** As the configuration spells it. */
            public String word() {
                return word;
            }
        }
    }

    /**
     * How often a target is asked again.
     *
     * @param attempts further ones of one call, over all targets together; 0 for none
     * @param backoff before the first of them; doubled each time, and shortened at random by up to a half
     * @param maxBackoff the longest that is waited, also where the target asks for more
     * @param budgetPercent of the route's calls that there may be such attempts, 1..1000
     */
    public record Retries(int attempts, Duration backoff, Duration maxBackoff, int budgetPercent) {
        public static final Retries NONE = new Retries(0, Duration.ofMillis(200), Duration.ofSeconds(5), 20);
    }

    /**
     * When a target is left alone: after so many failures that no more successes lie between, so that one of which most
     * calls go well is never taken away.
     *
     * @param failures that open the circuit, at least 1
     * @param within the first and the last of them
     * @param cooldown until one call may try again
     */
    public record Breaker(int failures, Duration within, Duration cooldown) {}

    /**
     * When a second target is asked beside the first.
     *
     * @param budgetPercent of the route's calls that may be asked twice, 1..100
     * @param afterPercentile of the route's own times to the first piece that is waited for, 50..99
     * @param atLeast that is waited for, however fast the route is
     */
    public record Hedge(int budgetPercent, int afterPercentile, Duration atLeast) {}
}
