package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.provider.UpstreamRequest;
import reactor.core.publisher.Mono;

/** How a token is asked for. */
@FunctionalInterface
interface Grant {
    /** The request for one token, made anew each time it is subscribed to. What must block for it is not on an event loop. */
    Mono<UpstreamRequest> request();
}
