package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.provider.aws.AssumeRole;
import io.mlflowgateway.server.provider.aws.AssumedRole;
import io.mlflowgateway.server.provider.aws.AwsCredentialSource;
import io.mlflowgateway.server.provider.aws.AwsCredentials;
import io.mlflowgateway.server.provider.aws.ContainerCredentials;
import io.mlflowgateway.server.provider.aws.CredentialRequest;
import io.mlflowgateway.server.provider.aws.CredentialsProblem;
import io.mlflowgateway.server.provider.aws.SigV4;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Fetches Amazon's keys: looks where they come from each time, since files change, and asks the endpoints that gives. Files
 * are read, and answers too, on threads that may wait.
 */
final class AwsFetch implements Fetch {
    /** Keys that do not expire are looked for again after this: a file may have others by then. */
    static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private static final Set<String> OF_THE_TRANSPORT = Set.of("content-type", "content-length", "accept");

    private final TokenSource.Aws source;
    private final AwsPlaces places;
    private final Function<String, Sender> senders;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final DoubleSupplier random;
    private final Consumer<Secret> keepOut;
    private final URI sts;

    /**
     * @param senders to an endpoint; the same one for the same URL
     * @param clock wall clock: requests are signed, and keys expire, by it
     * @param random from 0 to 1
     * @param keepOut takes note of each secret before anybody has it
     */
    AwsFetch(
            TokenSource.Aws source,
            AwsPlaces places,
            Function<String, Sender> senders,
            Clock clock,
            LongSupplier nanoClock,
            DoubleSupplier random,
            Consumer<Secret> keepOut) {
        this.source = source;
        this.places = places;
        this.senders = senders;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.random = random;
        this.keepOut = keepOut;
        this.sts = source.stsUrl().map(URI::create).orElseGet(() -> AssumeRole.endpoint(source.region()));
        SigV4.prepare();
    }

    /** Keys that stand in the configuration and need no fetching. */
    static Optional<Credential.Keys> fixed(TokenSource source) {
        if (source instanceof TokenSource.Aws aws
                && aws.role().isEmpty()
                && aws.keys().isPresent()) {
            SigV4.prepare();
            return aws.keys();
        }
        return Optional.empty();
    }

    @Override
    public String name() {
        return source.client() + " at " + source.place();
    }

    /** All that may be asked, whether it is or not: connections to them outlive a reload. */
    @Override
    public Set<Sender> senders() {
        Set<Sender> all = new HashSet<>(Set.of(senders.apply(sts.toString())));
        try {
            places.container().ifPresent(container -> all.add(senders.apply(container.url())));
        } catch (CredentialsProblem e) {
            // Told when it is asked.
            return all;
        }
        return all;
    }

    @Override
    public Mono<Token> once() {
        return Mono.defer(this::asked).onErrorMap(Failure.class, Fetch::told);
    }

    private Mono<Token> asked() {
        long asked = nanoClock.getAsLong();
        return Mono.fromCallable(() -> places.find(source))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(this::credentials)
                .onErrorMap(CredentialsProblem.class, AwsFetch::problem)
                .map(found -> token(found, asked));
    }

    /** The sealed type has no visitor: its cases differ in what must be asked, which is nobody else's matter. */
    private Mono<AwsCredentials> credentials(AwsCredentialSource from) {
        if (from instanceof AwsCredentialSource.Present present) {
            return Mono.just(present.credentials());
        }
        if (from instanceof AwsCredentialSource.Container container) {
            return ofContainer(container.endpoint());
        }
        AwsCredentialSource.Role role = (AwsCredentialSource.Role) from;
        return credentials(role.by()).flatMap(by -> ofRole(role.role(), by));
    }

    private Mono<AwsCredentials> ofContainer(ContainerCredentials endpoint) {
        return Mono.fromCallable(() -> endpoint.request(tokenOf(endpoint)))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(request -> sent(request, endpoint.url()))
                .flatMap(answer -> Mono.fromCallable(() -> ContainerCredentials.read(answer.status(), answer.body())));
    }

    private static Optional<Secret> tokenOf(ContainerCredentials endpoint) throws CredentialsProblem {
        if (endpoint.tokenFile().isEmpty()) {
            return Optional.empty();
        }
        String token = AwsPlaces.text(endpoint.tokenFile().get()).strip();
        return token.isEmpty() ? Optional.empty() : Optional.of(new Secret(token));
    }

    private Mono<AwsCredentials> ofRole(AssumeRole role, AwsCredentials by) {
        return Mono.fromCallable(() -> role.request(sts, source.region(), by, clock.instant()))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(request -> sent(request, sts.toString()))
                .flatMap(answer -> Mono.fromCallable(() -> AssumedRole.read(answer.status(), answer.body())));
    }

    /** The answer, on a thread that may wait: readers of documents load their parts when they are first used. */
    private Mono<UpstreamResponse.Whole> sent(CredentialRequest request, String endpoint) {
        Map<String, String> headers = new HashMap<>();
        String type = "";
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("content-type")) {
                type = header.getValue();
            } else if (!OF_THE_TRANSPORT.contains(name)) {
                headers.put(header.getKey(), header.getValue());
            }
        }
        UpstreamRequest sent = request.method().equals("GET")
                ? UpstreamRequest.get(request.url(), headers)
                : UpstreamRequest.of(type, request.url(), headers, request.body());
        return senders.apply(endpoint)
                .send(sent, Deadline.in(TIME))
                .publishOn(Schedulers.boundedElastic())
                .cast(UpstreamResponse.Whole.class);
    }

    private Token token(AwsCredentials found, long asked) {
        Credential.Keys keys = new Credential.Keys(found.accessKeyId(), found.secretKey(), found.sessionToken());
        keepOut.accept(keys.secretKey());
        keys.sessionToken().ifPresent(keepOut);
        Instant now = clock.instant();
        Duration life = found.expires().map(end -> Duration.between(now, end)).orElse(LOOK_AGAIN);
        if (life.isNegative() || life.isZero()) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the AWS credentials that were found have expired");
        }
        return Token.of(keys, life, asked, random.getAsDouble());
    }

    private static Failure problem(CredentialsProblem problem) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, Objects.requireNonNullElse(problem.getMessage(), "no reason"));
    }
}
