package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.SettingKey;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.credential.TargetCredential;
import io.mlflowgateway.server.provider.Attempt;
import io.mlflowgateway.server.provider.Provider;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.parameter.Admitted;
import io.mlflowgateway.server.provider.parameter.ParameterGate;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.secret.Credential;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Asks one target, once. */
final class ProviderTarget implements CallTarget {
    private final Provider provider;
    private final RouteConfig.Target target;
    private final TargetCredential credential;
    private final Sender sender;
    private final Clock clock;
    private final Notes.Target noted;
    private final String tokenKey;
    private final ParameterGate gate;

    /** @param gate what queries must pass before the provider sees them */
    ProviderTarget(
            Provider provider,
            RouteConfig.Target target,
            TargetCredential credential,
            ParameterGate gate,
            Sender sender,
            Clock clock) {
        this.provider = provider;
        this.target = target;
        this.credential = credential;
        this.gate = gate;
        this.sender = sender;
        this.clock = clock;
        this.tokenKey = provider.spec().credentialKey().map(SettingKey::name).orElse("");
        this.noted = new Notes.Target(target.name(), target.provider(), target.model(), target.pricing());
    }

    @Override
    public Mono<Reply> answer(Call call) {
        call.notes().tries(noted);
        if (!noted.pricing().allowed()) {
            return Mono.error(priceUnknown());
        }
        if (gate.isOpen()) {
            return asked(call, call.query(), Map.of());
        }
        Admitted admitted = gate.admit(call.query());
        if (!admitted.dropped().isEmpty()) {
            call.notes().drops(noted, admitted.dropped());
        }
        return asked(call, admitted.query(), admitted.forwarded());
    }

    private Mono<Reply> asked(Call call, Query query, Map<String, String> forwarded) {
        return credential
                .shown(call.deadline(), shown -> asked(call, query, forwarded, shown))
                .contextWrite(Context.of(Notes.class, call.notes()));
    }

    private Mono<Reply> asked(Call call, Query query, Map<String, String> forwarded, Credential shown) {
        Settings settings = target.settings().showing(shown, tokenKey);
        Attempt attempt = new Attempt(target.model(), settings, shown, forwarded, clock::instant);
        return provider.ask(query, attempt, sender, call.deadline());
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
        Set<Sender> all = new HashSet<>(credential.senders());
        all.add(sender);
        return all;
    }
}
