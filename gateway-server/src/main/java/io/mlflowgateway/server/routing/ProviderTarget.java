package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.provider.Attempt;
import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Reply;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Asks one target, once. */
final class ProviderTarget implements CallTarget {
    private final Provider provider;
    private final RouteConfig.Target target;
    private final Sender sender;
    private final Clock clock;
    private final Notes.Target noted;

    ProviderTarget(Provider provider, RouteConfig.Target target, Sender sender, Clock clock) {
        this.provider = provider;
        this.target = target;
        this.sender = sender;
        this.clock = clock;
        this.noted = new Notes.Target(target.name(), target.provider(), target.model(), target.pricing());
    }

    @Override
    public Mono<Reply> answer(Call call) {
        call.notes().tries(noted);
        if (!noted.pricing().allowed()) {
            return Mono.error(priceUnknown());
        }
        Attempt attempt = new Attempt(target.model(), target.settings(), clock.instant());
        return provider.ask(call.query(), attempt, sender, call.deadline())
                .contextWrite(Context.of(Notes.class, call.notes()));
    }

    private Failure priceUnknown() {
        return Failure.of(
                Failure.Kind.PRICE_UNKNOWN,
                "target '" + target.name() + "' is not asked: nobody knows what its model costs, and such calls are"
                        + " refused here");
    }

    @Override
    public Optional<Notes.Target> noted() {
        return Optional.of(noted);
    }

    @Override
    public Set<Sender> senders() {
        return Set.of(sender);
    }
}
