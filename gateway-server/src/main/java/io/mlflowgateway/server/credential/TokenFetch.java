package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Secret;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Fetches one token at a time from one token endpoint. */
final class TokenFetch implements Fetch {
    private final TokenSource source;
    private final Grant grant;
    private final Sender sender;
    private final LongSupplier nanoClock;
    private final DoubleSupplier random;
    private final Consumer<Secret> keepOut;

    /**
     * @param random from 0 to 1
     * @param keepOut takes note of each token before anybody has it
     */
    TokenFetch(
            TokenSource source,
            Grant grant,
            Sender sender,
            LongSupplier nanoClock,
            DoubleSupplier random,
            Consumer<Secret> keepOut) {
        this.source = source;
        this.grant = grant;
        this.sender = sender;
        this.nanoClock = nanoClock;
        this.random = random;
        this.keepOut = keepOut;
    }

    @Override
    public String name() {
        return source.client() + " at " + source.place();
    }

    @Override
    public Set<Sender> senders() {
        return Set.of(sender);
    }

    @Override
    public Mono<Token> once() {
        return Mono.defer(this::asked);
    }

    private Mono<Token> asked() {
        long asked = nanoClock.getAsLong();
        return grant.request()
                .flatMap(request -> sender.send(request, Deadline.in(TIME)))
                .map(response -> token(response, asked))
                .onErrorMap(Failure.class, Fetch::told);
    }

    private Token token(UpstreamResponse response, long asked) {
        TokenAnswer answer = TokenAnswer.of(response, source.secrets());
        keepOut.accept(answer.token());
        return Token.of(answer, asked, random.getAsDouble());
    }
}
