package io.mlflowgateway.server.query;

import reactor.core.publisher.Mono;

/** The rest of the way, seen from a stage. */
@FunctionalInterface
public interface Next {
    Mono<Reply> proceed(Call call);
}
