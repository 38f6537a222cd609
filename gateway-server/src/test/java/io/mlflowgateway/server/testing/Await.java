package io.mlflowgateway.server.testing;

import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Waits at most 10 s for what a publisher gives. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Await() {}

    /** The value; an empty publisher is an error. */
    public static <T> T value(Mono<T> mono) {
        return mono.blockOptional(PATIENCE).orElseThrow(() -> new AssertionError("it gave no value"));
    }

    /** All values, in order. */
    public static <T> List<T> all(Flux<T> flux) {
        return value(flux.collectList());
    }

    /** The failure it ends with; any other end is an error. */
    public static Failure failure(Mono<?> mono) {
        Throwable thrown = mono.<Throwable>then(Mono.empty())
                .onErrorResume(Mono::just)
                .blockOptional(PATIENCE)
                .orElseThrow(() -> new AssertionError("it did not fail"));
        if (thrown instanceof Failure failure) {
            return failure;
        }
        throw new AssertionError("it failed with something that is no failure", thrown);
    }
}
