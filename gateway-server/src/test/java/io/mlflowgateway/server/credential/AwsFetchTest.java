package io.mlflowgateway.server.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import io.mlflowgateway.server.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Amazon's keys: where they are found, and how often anybody is asked. Files are read on threads of their own. */
class AwsFetchTest {
    private static final Instant START = Instant.parse("2026-11-22T02:30:15Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final UpstreamSettings SETTINGS = new UpstreamSettings(HOUR, HOUR, HOUR, HOUR, HOUR, 1 << 20, 1);
    private static final String STS = "http://sts.test";
    private static final Credential.Keys STATIC =
            new Credential.Keys("AKIAFAKE", new Secret("static-secret"), Optional.empty());

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Map<String, FakeEndpoint> endpoints = new ConcurrentHashMap<>();
    private final Set<String> keptOut = ConcurrentHashMap.newKeySet();
    private final FakeEndpoint sts = new FakeEndpoint();

    @TempDir
    private Path folder;

    /** Goes with the monotonic clock. */
    private final class WallClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return START.plusNanos(time.now(TimeUnit.NANOSECONDS));
        }
    }

    private TargetCredential of(TokenSource source, Map<String, String> environment) {
        endpoints.put(STS, sts);
        Credentials credentials = new Credentials(
                (owner, settings, provider, target) ->
                        endpoints.computeIfAbsent(target.text("token_url").orElseThrow(), url -> new FakeEndpoint()),
                SETTINGS,
                new WallClock(),
                () -> time.now(TimeUnit.NANOSECONDS),
                time,
                secret -> keptOut.add(secret.reveal()),
                environment);
        return credentials.next().of(new Settings(Map.of(), Map.of(), Optional.of(source)));
    }

    private static TokenSource.Aws source(Optional<Credential.Keys> keys, Optional<String> profile, boolean role) {
        Optional<TokenSource.Role> assumed = role
                ? Optional.of(new TokenSource.Role(
                        "arn:aws:iam::1:role/r", "gateway", Optional.empty(), Duration.ofMinutes(15)))
                : Optional.empty();
        return new TokenSource.Aws("eu-west-1", keys, profile, assumed, Optional.of(STS));
    }

    private static TokenSource.Aws environment() {
        return source(Optional.empty(), Optional.empty(), false);
    }

    private static CompletableFuture<Credential.Keys> call(TargetCredential asked) {
        return asked.shown(Deadline.in(HOUR), shown -> Mono.just((Credential.Keys) shown))
                .toFuture();
    }

    private void until(String what, BooleanSupplier claim) {
        Eventually.within(Duration.ofSeconds(20), what, () -> {
            time.advanceTime();
            return claim.getAsBoolean();
        });
    }

    private Credential.Keys answer(CompletableFuture<Credential.Keys> call) {
        until("an answer", call::isDone);
        return call.join();
    }

    private Failure failure(CompletableFuture<Credential.Keys> call) {
        until("a failure", call::isDone);
        return (Failure) call.handle((answer, thrown) -> thrown).join();
    }

    private static String role(String id, Instant expires) {
        return """
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
                <AccessKeyId>%s</AccessKeyId><SecretAccessKey>secret-of-%s</SecretAccessKey>
                <SessionToken>token-of-%s</SessionToken><Expiration>%s</Expiration>
                </Credentials></AssumeRoleResult></AssumeRoleResponse>
                """.formatted(id, id, id, expires);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    /** An environment whose files are not those of whoever runs this. */
    private Map<String, String> nowhere() {
        return Map.of(
                "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString(),
                "AWS_CONFIG_FILE", folder.resolve("none").toString());
    }

    @Test
    void keys_of_the_configuration_are_there_at_once() {
        CompletableFuture<Credential.Keys> call =
                call(of(source(Optional.of(STATIC), Optional.empty(), false), Map.of()));

        assertThat(call).isCompletedWithValue(STATIC);
    }

    @Test
    void a_thousand_calls_assume_a_role_once_and_again_ahead_of_its_end() {
        TargetCredential credential = of(source(Optional.of(STATIC), Optional.empty(), true), Map.of());
        List<CompletableFuture<Credential.Keys>> calls =
                IntStream.range(0, 1_000).mapToObj(i -> call(credential)).toList();
        until("STS is asked", () -> sts.asked() == 1);
        sts.gives(200, role("ASIAONE", START.plus(Duration.ofMinutes(15))));

        assertThat(calls).allSatisfy(call -> assertThat(answer(call).id()).isEqualTo("ASIAONE"));
        assertThat(sts.request().url()).isEqualTo(STS + "/");
        assertThat(sts.request().contentType()).startsWith("application/x-www-form-urlencoded");
        assertThat(sts.request().headers().get("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIAFAKE/20261122/eu-west-1/sts/aws4_request");
        assertThat(keptOut).containsExactlyInAnyOrder("secret-of-ASIAONE", "token-of-ASIAONE");

        time.advanceTimeBy(Duration.ofMinutes(14));
        List<CompletableFuture<Credential.Keys>> due =
                IntStream.range(0, 1_000).mapToObj(i -> call(credential)).toList();

        assertThat(due).allSatisfy(call -> assertThat(answer(call).id()).isEqualTo("ASIAONE"));
        until("STS is asked again", () -> sts.asked() == 2);
        sts.gives(200, role("ASIATWO", START.plus(Duration.ofMinutes(30))));
        until("the new keys", () -> answer(call(credential)).id().equals("ASIATWO"));
        assertThat(sts.asked()).isEqualTo(2);
    }

    @Test
    void keys_that_are_refused_before_their_time_are_fetched_anew_once() {
        TargetCredential credential = of(source(Optional.of(STATIC), Optional.empty(), true), Map.of());
        CompletableFuture<String> call = credential
                .shown(
                        Deadline.in(HOUR),
                        shown -> ((Credential.Keys) shown).id().equals("ASIAONE")
                                ? Mono.<String>error(Failure.upstream(401, "expired"))
                                : Mono.just(((Credential.Keys) shown).id()))
                .toFuture();
        until("STS is asked", () -> sts.asked() == 1);
        sts.gives(200, role("ASIAONE", START.plus(HOUR)));
        until("STS is asked again", () -> sts.asked() == 2);
        sts.gives(200, role("ASIATWO", START.plus(HOUR)));

        until("an answer", call::isDone);

        assertThat(call).isCompletedWithValue("ASIATWO");
    }

    @Test
    void what_sts_refuses_is_told_by_its_word_and_nothing_else() {
        TargetCredential credential = of(source(Optional.of(STATIC), Optional.empty(), true), Map.of());
        CompletableFuture<Credential.Keys> call = call(credential);
        until("STS is asked", () -> sts.asked() == 1);
        sts.gives(
                403,
                "<ErrorResponse><Error><Code>AccessDenied</Code><Message>static-secret</Message></Error>"
                        + "</ErrorResponse>");

        Failure failure = failure(call);

        assertThat(failure.code()).isEqualTo("credential_unavailable");
        assertThat(failure.getMessage()).contains("AccessDenied").doesNotContain("static-secret");
    }

    @Test
    void variables_come_before_files() throws IOException {
        Map<String, String> environment = Map.of(
                "AWS_ACCESS_KEY_ID", "AKIAENV",
                "AWS_SECRET_ACCESS_KEY", "s",
                "AWS_SHARED_CREDENTIALS_FILE", file("c", "[default]\naws_access_key_id=A\naws_secret_access_key=B\n"));

        assertThat(answer(call(of(environment(), environment))).id()).isEqualTo("AKIAENV");
    }

    @Test
    void a_file_is_looked_at_again() throws IOException {
        String text = "[p]\naws_access_key_id = ONE\naws_secret_access_key = B\n";
        Map<String, String> environment =
                Map.of("AWS_SHARED_CREDENTIALS_FILE", file("c", text), "AWS_CONFIG_FILE", "/nowhere");
        TargetCredential credential = of(source(Optional.empty(), Optional.of("p"), false), environment);
        assertThat(answer(call(credential)).id()).isEqualTo("ONE");

        Files.writeString(folder.resolve("c"), text.replace("ONE", "TWO"));
        time.advanceTimeBy(AwsFetch.LOOK_AGAIN);

        assertThat(answer(call(credential)).id()).isEqualTo("TWO");
    }

    @Test
    void a_profile_of_a_role_is_assumed_by_its_source() throws IOException {
        String text = "[profile p]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\n"
                + "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = B\n";
        Map<String, String> environment = Map.of(
                "AWS_CONFIG_FILE", file("c", text), "AWS_SHARED_CREDENTIALS_FILE", "/nowhere", "AWS_PROFILE", "p");

        CompletableFuture<Credential.Keys> call = call(of(environment(), environment));
        until("STS is asked", () -> sts.asked() == 1);
        sts.gives(200, role("ASIAX", START.plus(HOUR)));

        assertThat(answer(call).id()).isEqualTo("ASIAX");
        assertThat(sts.request().headers().get("Authorization")).contains("Credential=BASE/");
    }

    @Test
    void a_container_is_asked_with_the_token_of_its_file() throws IOException {
        Map<String, String> environment = Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/creds",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file("token", "shown\n"),
                "AWS_SHARED_CREDENTIALS_FILE", "/nowhere",
                "AWS_CONFIG_FILE", "/nowhere");
        TargetCredential credential = of(environment(), environment);
        CompletableFuture<Credential.Keys> call = call(credential);
        FakeEndpoint container = endpoints.computeIfAbsent("http://127.0.0.1:9/creds", url -> new FakeEndpoint());
        until("the container is asked", () -> container.asked() == 1);
        container.gives(
                200,
                "{\"AccessKeyId\":\"ASIAC\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\""
                        + START.plus(HOUR) + "\"}");

        assertThat(answer(call).id()).isEqualTo("ASIAC");
        assertThat(container.request().contentType()).isEmpty();
        assertThat(container.request().headers()).containsEntry("Authorization", "shown");
        assertThat(credential.senders()).containsExactlyInAnyOrder(sts, container);
    }

    @Test
    void keys_that_have_expired_are_none() {
        Map<String, String> environment = Map.of(
                "AWS_ACCESS_KEY_ID", "A",
                "AWS_SECRET_ACCESS_KEY", "s",
                "AWS_CREDENTIAL_EXPIRATION", START.toString());

        assertThat(failure(call(of(environment(), environment))).getMessage()).contains("have expired");
    }

    @Test
    void keys_that_are_good_for_thousands_of_years_are_taken() {
        Map<String, String> environment = Map.of(
                "AWS_ACCESS_KEY_ID", "A",
                "AWS_SECRET_ACCESS_KEY", "s",
                "AWS_CREDENTIAL_EXPIRATION", "9999-12-31T23:59:59Z");

        assertThat(answer(call(of(environment(), environment))).id()).isEqualTo("A");
    }

    @Test
    void nothing_anywhere_is_said_to_be_so() {
        assertThat(failure(call(of(environment(), nowhere()))).getMessage())
                .contains("there are no AWS credentials")
                .startsWith("the target's credential could not be fetched");
    }
}
