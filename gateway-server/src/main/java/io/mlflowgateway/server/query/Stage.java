package io.mlflowgateway.server.query;

import reactor.core.publisher.Mono;

/**
 * One policy on the way of a call: it answers, refuses with a {@link Failure}, or lets the call go on. Entered once for
 * each subscription, so it may act and throw at once.
 */
@FunctionalInterface
public interface Stage {
    Mono<Reply> handle(Call call, Next next);
}
