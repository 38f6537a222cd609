package io.mlflowgateway.server.query;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * A name a caller queries, as it was configured when the call began: a call keeps its route whatever is reloaded
 * meanwhile. What stages need stands here; the targets behind the name are {@code routing}'s business.
 */
public interface Route {
    /** Unique, {@code [A-Za-z0-9_.-]{1,128}}. */
    String name();

    Task task();

    /** The route's own rate limit, shared by all callers and surfaces. */
    Optional<CallLimit> limit();

    /** How long a call of this route may take, where that is another time than the server's. */
    Optional<Duration> total();

    /** How much of its streams is passed on. */
    default StreamCaps streamCaps() {
        return StreamCaps.NONE;
    }

    /** The request header, in lower case, whose value keeps calls at one target; empty where none does. */
    default Optional<String> stickyHeader() {
        return Optional.empty();
    }

    /** Whether the attempts at its targets are counted where they are made, and not by their call. */
    default boolean watchesTargets() {
        return false;
    }

    /** Asks one of the route's targets. Nothing happens before the subscription. */
    Mono<Reply> answer(Call call);
}
