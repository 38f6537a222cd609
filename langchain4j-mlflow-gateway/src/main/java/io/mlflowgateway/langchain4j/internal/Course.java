package io.mlflowgateway.langchain4j.internal;

import io.mlflowgateway.langchain4j.failure.GatewayAuthenticationException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.token.TokenProvider;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** How one call goes: which attempt it is at, what was shown, whether anything was handed out, and whether it goes on. */
final class Course {

    private final ConnectionSettings settings;
    private final Deadline deadline;
    private final AtomicInteger attempt = new AtomicInteger();
    private volatile boolean handedOut;
    private volatile boolean renewed;
    private volatile String shown = "";

    Course(ConnectionSettings settings, Deadline deadline) {
        this.settings = settings;
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    /** The number of the attempt under way; attempts follow each other. */
    int attempt() {
        return attempt.get();
    }

    int begin() {
        return attempt.incrementAndGet();
    }

    void showing(String token) {
        shown = token;
    }

    void handsOut() {
        handedOut = true;
    }

    Retry retries() {
        return Retry.from(signals -> signals.concatMap(signal -> pause(signal.failure(), signal.totalRetries())));
    }

    private Publisher<Long> pause(Throwable failure, long retriesSoFar) {
        if (handedOut) {
            return Mono.error(failure);
        }
        if (renews(failure)) {
            renewed = true;
            return Mono.delay(Duration.ZERO, CallThreads.scheduler());
        }
        long counted = renewed ? retriesSoFar - 1 : retriesSoFar;
        Duration left = deadline.left();
        return counted < settings.maxRetries()
                ? RetryPause.after(failure, counted, settings.maxRetryAfter())
                        .filter(pause -> pause.compareTo(left) < 0)
                        .map(pause -> Mono.delay(pause, CallThreads.scheduler()))
                        .orElseGet(() -> Mono.error(failure))
                : Mono.error(failure);
    }

    /** Once in a call a refused token is replaced; a provider behind the gateway refuses the gateway's, not ours. */
    private boolean renews(Throwable failure) {
        return !renewed
                && !shown.isEmpty()
                && failure instanceof GatewayAuthenticationException
                && failure instanceof GatewayFailure told
                && told.details().status().orElse(0) == 401
                && !told.details().source().orElse("").equals("upstream")
                && settings.token().filter(this::refuses).isPresent();
    }

    private boolean refuses(TokenProvider tokens) {
        return tokens.refused(shown);
    }
}
