package io.mlflowgateway.langchain4j.fallback;

import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import io.mlflowgateway.langchain4j.fallback.Member.Rest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Several models of one kind: whose turn it is, and who rests after a failure. Safe for use by many threads.
 *
 * @param <M> the kind of model
 */
final class Members<M> {

    private final List<Member<M>> all;
    private final FallbackOrder order;
    private final Rests rests;
    private final int maxTries;
    private final Predicate<Throwable> worthwhile;
    private final LongSupplier nanoTime;

    Members(
            List<Member<M>> all,
            FallbackOrder order,
            Rests rests,
            int maxTries,
            Predicate<Throwable> worthwhile,
            LongSupplier nanoTime) {
        this.all = List.copyOf(all);
        this.order = order;
        this.rests = rests;
        this.maxTries = maxTries;
        this.worthwhile = worthwhile;
        this.nanoTime = nanoTime;
    }

    /** {@return every model, in the order it was given} */
    List<M> models() {
        return all.stream().map(Member::model).toList();
    }

    boolean worthwhile(Throwable failure) {
        return worthwhile.test(failure);
    }

    /**
     * Who is tried in one call, in this order. Those that rest come last, as trying them is better than failing; but not
     * those whose server asked to be left alone.
     *
     * @return at least one; fails if all asked to be left alone
     */
    synchronized List<Member<M>> forCall() {
        long now = nanoTime.getAsLong();
        List<Member<M>> ready = new ArrayList<>();
        List<Member<M>> resting = new ArrayList<>();
        for (Member<M> member : all) {
            Rest rest = member.rest();
            if (rest == null || rest.endNanos() - now <= 0) {
                member.rest(null);
                ready.add(member);
            } else if (!rest.asked()) {
                resting.add(member);
            }
        }
        if (order == FallbackOrder.ROUND_ROBIN) {
            takeTurns(ready);
        }
        resting.sort(Comparator.comparingLong(member -> end(member) - now));
        List<Member<M>> tried =
                Stream.concat(ready.stream(), resting.stream()).limit(maxTries).toList();
        if (tried.isEmpty()) {
            throw nobody(now);
        }
        return tried;
    }

    /** Smooth weighted round robin: the one furthest ahead is first and falls back by what all have gained. */
    private void takeTurns(List<Member<M>> ready) {
        if (ready.isEmpty()) {
            return;
        }
        long total = 0;
        for (Member<M> member : ready) {
            member.turn(member.weight());
            total += member.weight();
        }
        ready.sort(
                Comparator.comparingLong((Member<M> member) -> member.turns()).reversed());
        ready.get(0).turn(-total);
    }

    synchronized void failed(Member<M> member, Throwable failure) {
        Optional<Duration> asked =
                failure instanceof GatewayFailure told ? told.details().retryAfter() : Optional.empty();
        Duration rest = asked.map(rests::atMost).orElse(rests.usual());
        if (!rest.isZero()) {
            member.rest(new Rest(nanoTime.getAsLong() + rest.toNanos(), asked.isPresent(), failure));
        }
    }

    synchronized void answered(Member<M> member) {
        member.rest(null);
    }

    private static long end(Member<?> member) {
        Rest rest = member.rest();
        return rest == null ? 0 : rest.endNanos();
    }

    private GatewayRateLimitException nobody(long now) {
        Member<M> first = all.stream()
                .min(Comparator.comparingLong(member -> end(member) - now))
                .orElseThrow();
        Duration left = Duration.ofNanos(end(first) - now);
        String names = all.stream().map(Member::name).collect(Collectors.joining(", "));
        FailureDetails details = new FailureDetails(
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(left),
                Optional.empty(),
                Optional.empty(),
                0);
        Rest rest = first.rest();
        return new GatewayRateLimitException(
                "All of " + names + " asked to be left alone; " + first.name() + " is back in " + left,
                details,
                rest == null ? null : rest.failure());
    }

    /**
     * How long members rest.
     *
     * @param usual after a failure whose server asked for nothing
     * @param most at most, whatever the server asked for
     */
    record Rests(Duration usual, Duration most) {

        Duration atMost(Duration asked) {
            return asked.compareTo(most) > 0 ? most : asked;
        }
    }
}
