package io.mlflowgateway.server.query;

import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/**
 * Something taken for a call that is given back exactly once: when the reply is over, when the call fails, or when the
 * caller leaves before or during the stream.
 */
public final class Lease {
    private final AtomicBoolean released = new AtomicBoolean();
    private final Runnable giveBack;

    public Lease(Runnable giveBack) {
        this.giveBack = giveBack;
    }

    /** Gives back; every call after the first does nothing. Safe from any thread. */
    public void release() {
        if (released.compareAndSet(false, true)) {
            giveBack.run();
        }
    }

    /** Ties this lease to the reply. The returned {@code Mono} must be subscribed once, and its stream too. */
    public Mono<Reply> heldFor(Mono<Reply> reply) {
        return reply.doOnError(failure -> release())
                .doOnCancel(this::release)
                .map(answer -> answer.whenDone(this::release));
    }
}
