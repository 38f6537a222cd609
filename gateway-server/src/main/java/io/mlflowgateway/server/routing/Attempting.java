package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Reply;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One call on its way through the targets. Subscribed once. Its steps come one after the other, on whatever thread the
 * last one ended; only the attempts of a race run beside each other.
 *
 * @param <T> what an answer is made of: the first one settles the matter
 */
final class Attempting<T> {
    /** Takes a reply apart. */
    @FunctionalInterface
    interface Parts<T> {
        Flux<T> of(Reply reply);
    }

    private final Call call;
    private final List<Candidate> order;
    private final Attempts.Rules rules;
    private final Parts<T> parts;
    private final Iterator<Candidate> next;
    private int again;
    private Optional<Fallen> last = Optional.empty();
    private final AtomicBoolean answered = new AtomicBoolean();

    /** What counts of those that failed so far. */
    private record Fallen(Candidate by, Failure failure) {}

    /** @param order the first choice first */
    Attempting(Call call, List<Candidate> order, Attempts.Rules rules, Parts<T> parts) {
        this.call = call;
        this.order = order;
        this.rules = rules;
        this.parts = parts;
        this.next = order.iterator();
    }

    /** Asks the first target that may be asked. */
    Flux<T> begin() {
        Optional<Flux<T>> attempt = next(this::attempt);
        if (attempt.isPresent() && last.isPresent()) {
            rules.extra().count(ExtraAttempts.Reason.FALLBACK);
        }
        return attempt.orElseGet(this::noneLeft);
    }

    /** The end of a call that no target answered: the failure that counts, and whose it was. */
    private Flux<T> noneLeft() {
        last.flatMap(fallen -> fallen.by().target().noted()).ifPresent(call.notes()::answeredBy);
        return Flux.error(last.map(Fallen::failure).orElseGet(this::nobody));
    }

    /** What is begun with the next target that lets a trial through. */
    private Optional<Flux<T>> next(BiFunction<Candidate, Trial, Flux<T>> begin) {
        while (next.hasNext()) {
            Candidate candidate = next.next();
            Optional<Trial> trial = candidate.health().tryBegin();
            if (trial.isPresent()) {
                return trial.map(begun -> begin.apply(candidate, begun));
            }
        }
        return Optional.empty();
    }

    private Flux<T> attempt(Candidate candidate, Trial trial) {
        Flux<T> alone = asked(candidate, trial);
        return rules.hedge()
                .map(hedge -> raced(hedge, candidate, alone))
                .orElse(alone)
                .onErrorResume(thrown -> failed(candidate, thrown));
    }

    private Flux<T> raced(Hedge hedge, Candidate candidate, Flux<T> first) {
        return hedge.race(call.query().streams(), first, () -> beside(candidate), call.notes(), rules.waits());
    }

    /** A second attempt beside the first: at the next target, or at the same where no other may be asked. */
    private Optional<Flux<T>> beside(Candidate first) {
        Optional<Flux<T>> second = rules.fallback() && next.hasNext()
                ? next(this::asked)
                : first.health().tryBegin().map(trial -> asked(first, trial));
        second.ifPresent(begun -> rules.extra().count(ExtraAttempts.Reason.HEDGE));
        return second;
    }

    private Flux<T> asked(Candidate candidate, Trial trial) {
        Flux<T> attempt = Flux.defer(() -> candidate.target().answer(call).flatMapMany(parts::of));
        return (hasFairTime() ? attempt : attempt.onErrorMap(Failure.class, this::fair))
                .tap(() -> new TrialWatch<>(trial, () -> answered(candidate), rules.retryAfter()::of));
    }

    /** Whether an attempt that begins now has at least as long as what the call has spent before, also on its body. */
    private boolean hasFairTime() {
        long spent = System.nanoTime() - call.notes().beganNanos();
        return call.deadline().left().toNanos() >= spent;
    }

    /** What comes of the end of the call's time is not held against a target that had little of it. */
    private Failure fair(Failure failure) {
        boolean outOfTime = failure.kind() == Failure.Kind.UPSTREAM_TIMEOUT
                && call.deadline().left().isZero();
        return outOfTime ? failure.blameless() : failure;
    }

    private void answered(Candidate candidate) {
        if (answered.compareAndSet(false, true)) {
            candidate.target().noted().ifPresent(call.notes()::answeredBy);
        }
    }

    private Flux<T> failed(Candidate candidate, Throwable thrown) {
        call.notes().upstreamAnswered();
        if (answered.get() || !(thrown instanceof Failure failure) || !failure.leavesOtherTargets()) {
            return Flux.error(thrown);
        }
        if (!isUpstreams(last) || failure.source() == Failure.Source.UPSTREAM) {
            last = Optional.of(new Fallen(candidate, failure));
        }
        Optional<Duration> wait = waitFor(failure);
        if (wait.isPresent()) {
            return Mono.delay(wait.get(), rules.waits()).thenMany(Flux.defer(() -> again(candidate)));
        }
        boolean inTime = !call.deadline().left().isZero();
        return rules.fallback() && inTime ? begin() : noneLeft();
    }

    /** That a later target could not be asked at all does not hide what an upstream said before. */
    private static boolean isUpstreams(Optional<Fallen> fallen) {
        return fallen.map(Fallen::failure).map(Failure::source).equals(Optional.of(Failure.Source.UPSTREAM));
    }

    /** How long to wait before the same target is asked again; empty when it is not. */
    private Optional<Duration> waitFor(Failure failure) {
        if (again >= rules.backoff().attempts() || !failure.retryable()) {
            return Optional.empty();
        }
        Duration asked = rules.retryAfter().of(failure).orElse(Duration.ZERO);
        Duration own = rules.backoff().wait(again);
        Duration wait = own.compareTo(asked) > 0 ? own : asked;
        boolean fits = asked.compareTo(rules.backoff().longest()) <= 0
                && wait.compareTo(call.deadline().left()) < 0;
        return Optional.of(wait).filter(time -> fits && rules.budget().tryTake());
    }

    private Flux<T> again(Candidate candidate) {
        again++;
        Optional<Trial> trial = candidate.health().tryBegin();
        if (trial.isPresent()) {
            rules.extra().count(ExtraAttempts.Reason.RETRY);
            return attempt(candidate, trial.get());
        }
        return rules.fallback() ? begin() : noneLeft();
    }

    private Failure nobody() {
        long wait = order.stream()
                .map(candidate -> candidate.health().untilNextTrial())
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO)
                .plusMillis(999)
                .toSeconds();
        return Failure.of(
                        Failure.Kind.UNAVAILABLE,
                        "no target of route '" + rules.route() + "' is asked now: the last calls to all of them failed")
                .retryAfter(Long.toString(Math.max(1, wait)));
    }
}
