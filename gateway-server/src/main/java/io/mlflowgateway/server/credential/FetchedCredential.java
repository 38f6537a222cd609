package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Credential;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A token that all calls share. It is fetched when the first of them comes, and again, while the old one is still shown,
 * when it is due: calls wait only where there is no good one. However many wait, one fetch is under way, which ends though
 * they leave; after a failure the next one waits a while. For any thread.
 */
final class FetchedCredential implements TargetCredential {
    /** Between a refused token and the next that is dropped for it: an upstream that refuses all of them changes nothing. */
    static final Duration BETWEEN_REFUSALS = Duration.ofMinutes(1);

    /** A fetch ends by itself before; after this it is given up, whatever has become of it. */
    private static final Duration LONGEST = Fetch.TIME.plusSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(FetchedCredential.class);
    private static final int UNAUTHENTICATED = 401;

    private final Fetch fetch;
    private final LongSupplier nanoClock;
    private final Scheduler waits;

    private volatile Optional<Token> token = Optional.empty();

    // All guarded by this.
    private Optional<Sinks.One<Credential>> underWay = Optional.empty();
    private Optional<Pause> pause = Optional.empty();
    private Optional<Long> refusedNanos = Optional.empty();

    /** @param waits where calls that waited go on: event loops */
    FetchedCredential(Fetch fetch, LongSupplier nanoClock, Scheduler waits) {
        this.fetch = fetch;
        this.nanoClock = nanoClock;
        this.waits = waits;
    }

    @Override
    public <T> Mono<T> shown(Deadline deadline, Function<Credential, Mono<T>> ask) {
        return credential(deadline)
                .flatMap(first ->
                        ask.apply(first).onErrorResume(Failure.class, failure -> again(failure, first, deadline, ask)));
    }

    private <T> Mono<T> again(Failure failure, Credential shown, Deadline deadline, Function<Credential, Mono<T>> ask) {
        boolean refused = failure.kind() == Failure.Kind.UPSTREAM_REFUSED && failure.status() == UNAUTHENTICATED;
        return refused && drop(shown) ? credential(deadline).flatMap(ask) : Mono.error(failure);
    }

    private Mono<Credential> credential(Deadline deadline) {
        long now = nanoClock.getAsLong();
        Optional<Token> good = token.filter(known -> known.isGood(now));
        if (good.isEmpty()) {
            return Mono.defer(this::fetched)
                    .publishOn(waits)
                    .timeout(deadline.left(), Mono.error(FetchedCredential::late), waits);
        }
        if (good.get().isDue(now)) {
            begin(now);
        }
        return Mono.just(good.get().credential());
    }

    private static Failure late() {
        return Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, "the target's credential was not fetched in time")
                .code("credential_unavailable")
                .unsent();
    }

    /** The next token, or why there is none now. */
    private Mono<Credential> fetched() {
        long now = nanoClock.getAsLong();
        return begin(now)
                .orElseGet(() -> token.filter(known -> known.isGood(now))
                        .map(known -> Mono.just(known.credential()))
                        .orElseGet(this::paused));
    }

    /** Begins a fetch, unless one is under way or it is too early: what it brings, or empty. */
    private Optional<Mono<Credential>> begin(long now) {
        Sinks.One<Credential> flight = Sinks.one();
        synchronized (this) {
            if (underWay.isPresent()) {
                return underWay.map(Sinks.One::asMono);
            }
            boolean done = token.filter(known -> known.isGood(now) && !known.isDue(now))
                    .isPresent();
            if (done || pause.filter(wait -> !wait.isOver(now)).isPresent()) {
                return Optional.empty();
            }
            underWay = Optional.of(flight);
        }
        // Nobody's subscription but its own: it goes on when those who wait leave, and ends even where nobody answers.
        Disposable unused = fetch.once()
                .single()
                .timeout(LONGEST, Mono.error(FetchedCredential::late), waits)
                .subscribe(fresh -> arrived(flight, fresh), thrown -> failed(flight, thrown));
        return Optional.of(flight.asMono());
    }

    private void arrived(Sinks.One<Credential> flight, Token fresh) {
        boolean recovered;
        synchronized (this) {
            token = Optional.of(fresh);
            underWay = Optional.empty();
            recovered = pause.isPresent();
            pause = Optional.empty();
        }
        if (recovered) {
            LOG.info("the token of {} is fetched again", name());
        }
        flight.emitValue(fresh.credential(), Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private void failed(Sinks.One<Credential> flight, Throwable thrown) {
        Failure failure = thrown instanceof Failure known ? known : bug(thrown);
        Pause next;
        synchronized (this) {
            underWay = Optional.empty();
            next = Pause.after(pause, failure, nanoClock.getAsLong());
            pause = Optional.of(next);
        }
        Object detail =
                failure.getCause() == null ? "" : " (" + failure.getCause().getMessage() + ")";
        LOG.warn(
                "the token of {}: {}{}; not tried again for {} ms",
                name(),
                failure.getMessage(),
                detail,
                next.millis());
        flight.emitError(failure, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private Failure bug(Throwable thrown) {
        LOG.error("the token of {} could not be fetched", name(), thrown);
        return Failure.of(Failure.Kind.BUG, "the target's credential could not be fetched");
    }

    private synchronized Mono<Credential> paused() {
        long now = nanoClock.getAsLong();
        return Mono.error(pause.map(wait -> wait.failure(now)).orElseGet(FetchedCredential::late));
    }

    /**
     * Takes note that the upstream did not take this credential.
     *
     * @return whether there is another one to be had
     */
    private synchronized boolean drop(Credential refused) {
        long now = nanoClock.getAsLong();
        if (token.filter(known -> known.credential() == refused).isEmpty()) {
            return true;
        }
        if (refusedNanos.filter(last -> now - last < BETWEEN_REFUSALS.toNanos()).isPresent()) {
            return false;
        }
        refusedNanos = Optional.of(now);
        token = Optional.empty();
        LOG.warn("the token of {} is refused before its time; another one is fetched", name());
        return true;
    }

    private String name() {
        return fetch.name();
    }

    @Override
    public Set<Sender> senders() {
        return fetch.senders();
    }
}
