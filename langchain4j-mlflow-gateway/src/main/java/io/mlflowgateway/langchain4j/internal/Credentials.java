package io.mlflowgateway.langchain4j.internal;

import io.mlflowgateway.langchain4j.token.TokenProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/** Asks for the token of one attempt. Whoever has it at once goes on in the same thread. */
final class Credentials {

    private final ConnectionSettings settings;

    Credentials(ConnectionSettings settings) {
        this.settings = settings;
    }

    Mono<Optional<String>> ask(Invocation call, int attempt) {
        Mono<Optional<String>> token = settings.token()
                .map(tokens -> asked(tokens)
                        .map(Optional::of)
                        .onErrorMap(cause -> Failures.withoutToken(settings.baseUrl(), call, attempt, cause)))
                .orElseGet(() -> Mono.just(Optional.empty()));
        // What follows may ask a user's supplier of headers, which may block: not on the thread that brought a refusal.
        return attempt == 1 ? token : token.publishOn(CallThreads.scheduler());
    }

    private Mono<String> asked(TokenProvider tokens) {
        return Mono.defer(() -> {
                    CompletableFuture<String> token = tokens.token().toCompletableFuture();
                    // Not cancelled with this call: others may wait for the same token.
                    Mono<String> coming = Mono.fromFuture(token, true);
                    return token.isDone() ? coming : bounded(coming);
                })
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the token provider gave null")))
                .map(String::strip);
    }

    /** What follows may ask a user's supplier of headers, which may block: not on the thread that brought the token. */
    private Mono<String> bounded(Mono<String> coming) {
        Duration most = settings.timeouts().firstByte();
        return coming.timeout(most, Mono.error(() -> new TimeoutException("no token within " + most)))
                .publishOn(CallThreads.scheduler());
    }
}
