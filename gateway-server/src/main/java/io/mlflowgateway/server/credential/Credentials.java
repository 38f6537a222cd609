package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.Senders;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;

/**
 * The credentials of all targets. Targets of one source share its token, and a source that a reload leaves as it was keeps
 * it; one that no target has any more is forgotten. One thread makes tables; calls never come here.
 */
public final class Credentials {
    private final Senders senders;
    private final UpstreamSettings settings;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final Scheduler waits;
    private final Consumer<Secret> keepOut;
    private final Map<String, String> environment;
    private volatile Map<TokenSource, FetchedCredential> kept = Map.of();

    /**
     * @param settings for connections to token endpoints
     * @param clock wall clock, for what is signed
     * @param nanoClock monotonic, as {@link System#nanoTime()}
     * @param waits where calls that waited for a token go on: event loops
     * @param keepOut takes note of each token that comes, before it is used; for any thread
     * @param environment where Amazon's credentials may be
     */
    public Credentials(
            Senders senders,
            UpstreamSettings settings,
            Clock clock,
            LongSupplier nanoClock,
            Scheduler waits,
            Consumer<Secret> keepOut,
            Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.senders = senders;
        this.settings = settings;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.waits = waits;
        this.keepOut = keepOut;
    }

    /** Begins those of the next table: takes over what it asks for, and what it does not ask for is forgotten. */
    public Next next() {
        return new Next();
    }

    /** The credentials of a table that is being made. */
    public final class Next {
        private final Map<TokenSource, FetchedCredential> asked = new HashMap<>();

        private Next() {}

        /** The credential of a target with these settings. */
        public TargetCredential of(Settings target) {
            Optional<TargetCredential> fetched = target.tokens().map(this::fetched);
            return fetched.orElseGet(() -> TargetCredential.fixed(target.credential()));
        }

        private TargetCredential fetched(TokenSource source) {
            Optional<Credential.Keys> fixed = AwsFetch.fixed(source);
            return fixed.isPresent()
                    ? TargetCredential.fixed(fixed.get())
                    : Objects.requireNonNull(asked.computeIfAbsent(source, this::keptOrMade));
        }

        private FetchedCredential keptOrMade(TokenSource source) {
            return Optional.ofNullable(kept.get(source)).orElseGet(() -> made(source));
        }

        /** These are the credentials in force now. */
        public void keep() {
            kept = Map.copyOf(asked);
        }
    }

    private FetchedCredential made(TokenSource source) {
        return new FetchedCredential(fetch(source), nanoClock, waits);
    }

    /** The only place that tells sources apart. */
    private Fetch fetch(TokenSource source) {
        if (source instanceof TokenSource.Aws aws) {
            return new AwsFetch(aws, new AwsPlaces(environment), this::sender, clock, nanoClock, this::random, keepOut);
        }
        if (source instanceof TokenSource.ServiceAccount account) {
            return tokens(source, account.tokenUrl(), new ServiceAccountGrant(account, clock, keepOut));
        }
        TokenSource.ClientCredentials client = (TokenSource.ClientCredentials) source;
        return tokens(source, client.tokenUrl(), new ClientCredentialsGrant(client));
    }

    private Fetch tokens(TokenSource source, String url, Grant grant) {
        return new TokenFetch(source, grant, sender(url), nanoClock, this::random, keepOut);
    }

    private double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** By the endpoint alone: those who ask one endpoint share connections. */
    private Sender sender(String url) {
        Settings endpoint = new Settings(Map.of("token_url", url), Map.of());
        return senders.sender(Optional.empty(), settings, "credential", endpoint);
    }
}
