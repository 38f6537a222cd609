package io.mlflowgateway.server.query;

import reactor.core.publisher.Mono;

/** The rest of the way, seen from a stage. What it returns is cold: nothing of the rest happens unless subscribed to. */
@FunctionalInterface
public interface Next {
    Mono<Reply> proceed(Call call);
}
