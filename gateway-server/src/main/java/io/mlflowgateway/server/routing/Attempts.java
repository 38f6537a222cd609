package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Asks the targets of a route until one answers: the same one again where that may help, then the next one. Only until the
 * first piece: what has been handed to the caller is never begun anew. Thread-safe.
 */
final class Attempts implements CallTarget {
    private final Set<Sender> senders;
    private final Map<String, TargetHealth> watched;
    private final Balance balance;
    private final Rules rules;

    /**
     * What holds for all calls of the route.
     *
     * @param fallback whether another target is asked when one has failed
     * @param budget of asking a target again
     * @param extra counts what is asked beyond the first target
     * @param hedge asks a second target beside a slow one; empty for never
     * @param retryAfter reads what a target says of when to ask again
     * @param waits where waiting calls come from again; their threads may send, so they are event loops
     */
    record Rules(
            String route,
            boolean fallback,
            Backoff backoff,
            RetryBudget budget,
            Optional<Hedge> hedge,
            ExtraAttempts extra,
            RetryAfter retryAfter,
            Scheduler waits) {}

    /** @param candidates those that the balance orders */
    Attempts(List<Candidate> candidates, Balance balance, Rules rules) {
        this.senders = candidates.stream()
                .flatMap(candidate -> candidate.target().senders().stream())
                .collect(Collectors.toUnmodifiableSet());
        this.watched = candidates.stream().collect(Collectors.toUnmodifiableMap(Candidate::name, Candidate::health));
        this.balance = balance;
        this.rules = rules;
    }

    @Override
    public Mono<Reply> answer(Call call) {
        if (call.query().streams()) {
            // The edge sends no head before the first piece, so a failure until then still has its status.
            return Mono.just(new Reply.Streamed(Flux.defer(() -> attempting(call, Attempts::pieces))));
        }
        return Mono.defer(() -> attempting(call, Flux::just).single());
    }

    /** To be asked for once, on subscription. */
    private <T> Flux<T> attempting(Call call, Attempting.Parts<T> parts) {
        rules.budget().call();
        rules.hedge().ifPresent(Hedge::call);
        return new Attempting<>(call, balance.order(call), rules, parts).begin();
    }

    /** What asks for a stream gets one, or a failure. */
    private static Flux<Piece> pieces(Reply reply) {
        return ((Reply.Streamed) reply).pieces();
    }

    @Override
    public Map<String, TargetHealth> watched() {
        return watched;
    }

    @Override
    public Map<String, Long> extraAttempts() {
        return rules.extra().all();
    }

    @Override
    public Set<Sender> senders() {
        return senders;
    }
}
