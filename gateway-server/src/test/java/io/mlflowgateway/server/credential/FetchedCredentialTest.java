package io.mlflowgateway.server.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.TokenSource;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class FetchedCredentialTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final UpstreamSettings SETTINGS = new UpstreamSettings(HOUR, HOUR, HOUR, HOUR, HOUR, 1 << 20, 1);
    private static final Failure UNAUTHENTICATED = Failure.upstream(401, "no such token");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FakeEndpoint endpoint = new FakeEndpoint();
    private final List<String> keptOut = new ArrayList<>();
    private final Credentials credentials = new Credentials(
            (owner, settings, provider, target) -> endpoint,
            SETTINGS,
            Clock.systemUTC(),
            this::nanos,
            time,
            secret -> keptOut.add(secret.reveal()),
            Map.of());
    private final TargetCredential credential = table(source("secret")).get(0);

    /** Near the end of the monotonic clock, which may overflow. */
    private long nanos() {
        return Long.MAX_VALUE - HOUR.toNanos() + time.now(TimeUnit.NANOSECONDS);
    }

    private static TokenSource source(String secret) {
        return new TokenSource.ClientCredentials("http://login.test/token", "me", new Secret(secret), "all", false);
    }

    /** What a table's targets with these sources get. */
    private List<TargetCredential> table(TokenSource... sources) {
        Credentials.Next next = credentials.next();
        List<TargetCredential> all = new ArrayList<>();
        for (TokenSource source : sources) {
            all.add(next.of(new Settings(Map.of(), Map.of(), Optional.of(source))));
        }
        next.keep();
        return all;
    }

    private static Mono<String> answered(Credential shown) {
        return Mono.fromSupplier(() -> shown.secret().reveal());
    }

    private CompletableFuture<String> call(TargetCredential asked, Function<Credential, Mono<String>> ask) {
        CompletableFuture<String> answer = asked.shown(Deadline.in(HOUR), ask).toFuture();
        time.advanceTime();
        return answer;
    }

    /** A call that is answered with the token it shows. */
    private CompletableFuture<String> call() {
        return call(credential, FetchedCredentialTest::answered);
    }

    private String answer(CompletableFuture<String> call) {
        time.advanceTime();
        assertThat(call).isDone();
        return call.join();
    }

    private Failure failure(CompletableFuture<String> call) {
        time.advanceTime();
        assertThat(call).isCompletedExceptionally();
        return (Failure) call.handle((answer, thrown) -> thrown).join();
    }

    private void passes(Duration length) {
        time.advanceTimeBy(length);
    }

    @Test
    void a_thousand_calls_wait_for_one_fetch() {
        List<CompletableFuture<String>> calls =
                IntStream.range(0, 1_000).mapToObj(i -> call()).toList();
        assertThat(calls).noneMatch(CompletableFuture::isDone);

        endpoint.gives("t1");

        assertThat(calls).allSatisfy(call -> assertThat(answer(call)).isEqualTo("t1"));
        assertThat(answer(call())).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(1);
        assertThat(keptOut).containsExactly("t1");
    }

    @Test
    void threads_that_come_at_once_cause_one_fetch() {
        List<CompletableFuture<CompletableFuture<String>>> calls = IntStream.range(0, 1_000)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> credential
                        .shown(Deadline.in(HOUR), FetchedCredentialTest::answered)
                        .toFuture()))
                .toList();
        calls.forEach(CompletableFuture::join);

        endpoint.gives("t1");

        assertThat(calls).allSatisfy(call -> assertThat(answer(call.join())).isEqualTo("t1"));
        assertThat(endpoint.asked()).isEqualTo(1);
    }

    @Test
    void a_token_is_renewed_ahead_of_its_end_and_no_call_waits() {
        fetched("t1");
        passes(Duration.ofMinutes(54));
        assertThat(answer(call())).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(1);

        passes(Duration.ofMinutes(3));

        assertThat(answer(call())).isEqualTo("t1");
        assertThat(answer(call())).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(2);
        endpoint.gives("t2");
        assertThat(answer(call())).isEqualTo("t2");
        assertThat(endpoint.asked()).isEqualTo(2);
    }

    @Test
    void a_short_life_is_renewed_in_its_last_tenth() {
        CompletableFuture<String> first = call();
        endpoint.gives(200, "{\"access_token\":\"t1\",\"expires_in\":\"100\"}");
        assertThat(answer(first)).isEqualTo("t1");
        passes(Duration.ofSeconds(89));
        assertThat(answer(call())).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(1);

        passes(Duration.ofSeconds(4));

        assertThat(answer(call())).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(2);
    }

    @Test
    void a_token_that_has_ended_is_never_shown() {
        fetched("t1");
        passes(HOUR);

        CompletableFuture<String> late = call();

        assertThat(late).isNotDone();
        endpoint.gives("t2");
        assertThat(answer(late)).isEqualTo("t2");
    }

    @Test
    void a_failed_renewal_keeps_the_old_token_until_its_end() {
        fetched("t1");
        passes(Duration.ofMinutes(57));
        assertThat(answer(call())).isEqualTo("t1");
        endpoint.gives(503, "{}");

        assertThat(answer(call())).isEqualTo("t1");
        passes(Duration.ofMinutes(2));
        assertThat(answer(call())).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(3);
        endpoint.gives(503, "{}");
        passes(Duration.ofMinutes(1));
        CompletableFuture<String> after = call();
        endpoint.gives(503, "{}");
        assertThat(failure(after).getMessage()).contains("status 503");
    }

    @Test
    void failures_are_not_hammered_and_the_first_success_ends_them() {
        List<Integer> tries = new ArrayList<>();
        int failed = 0;

        for (int second = 0; second < 100; second++) {
            int before = endpoint.asked();
            CompletableFuture<String> call = call();
            if (endpoint.asked() > before) {
                tries.add(second);
                endpoint.breaks(Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "no way there"));
            }
            failed += failure(call).getMessage().contains("no way there") ? 1 : 0;
            passes(Duration.ofSeconds(1));
        }

        assertThat(tries).containsExactly(0, 1, 3, 7, 15, 31, 61, 91);
        assertThat(failed).isEqualTo(100);
        passes(Duration.ofSeconds(30));
        fetched("t1");
    }

    @Test
    void a_call_that_comes_while_no_fetch_is_tried_is_told_when_to_come_again() {
        CompletableFuture<String> first = call();
        endpoint.gives(401, "{\"error\":\"invalid_client\",\"error_description\":\"not 'secret-value'\"}");
        Failure atOnce = failure(first);

        Failure meanwhile = failure(call());

        assertThat(endpoint.asked()).isEqualTo(1);
        assertThat(atOnce.getMessage())
                .isEqualTo("the target's credential could not be fetched: status 401 invalid_client");
        assertThat(meanwhile.getMessage()).isEqualTo(atOnce.getMessage());
        assertThat(meanwhile.retryAfter()).contains("1");
        assertThat(meanwhile.status()).isEqualTo(502);
        assertThat(meanwhile.code()).isEqualTo("credential_unavailable");
        assertThat(meanwhile.blamesTarget()).isTrue();
        assertThat(meanwhile.retryable()).isFalse();
    }

    @Test
    void a_bug_in_the_fetch_is_a_failure_like_any_other() {
        CompletableFuture<String> first = call();

        endpoint.breaks(new IllegalStateException("secret-value"));

        assertThat(failure(first).kind()).isEqualTo(Failure.Kind.BUG);
        assertThat(failure(first).getMessage()).doesNotContain("secret-value");
        passes(Duration.ofSeconds(1));
        fetched("t1");
    }

    @Test
    void a_fetch_that_never_ends_is_given_up_and_tried_again() {
        CompletableFuture<String> first = call();

        passes(TokenFetch.TIME.plusSeconds(6));

        assertThat(failure(first).kind()).isEqualTo(Failure.Kind.UPSTREAM_TIMEOUT);
        passes(Duration.ofSeconds(1));
        fetched("t1");
        assertThat(endpoint.asked()).isEqualTo(2);
    }

    @Test
    void one_that_leaves_takes_the_token_from_nobody() {
        CompletableFuture<String> leaves = call();
        CompletableFuture<String> stays = call();

        leaves.cancel(true);
        endpoint.gives("t1");

        assertThat(answer(stays)).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(1);
    }

    @Test
    void a_fetch_goes_on_when_all_have_left() {
        call().cancel(true);

        endpoint.gives("t1");

        assertThat(answer(call())).isEqualTo("t1");
        assertThat(endpoint.asked()).isEqualTo(1);
    }

    @Test
    void no_call_waits_longer_than_it_has_time() {
        CompletableFuture<String> hurried = credential
                .shown(Deadline.in(Duration.ofSeconds(2)), FetchedCredentialTest::answered)
                .toFuture();
        CompletableFuture<String> patient = call();

        passes(Duration.ofSeconds(2));

        assertThat(failure(hurried).kind()).isEqualTo(Failure.Kind.UPSTREAM_TIMEOUT);
        endpoint.gives("t1");
        assertThat(answer(patient)).isEqualTo("t1");
    }

    @Test
    void a_token_the_upstream_refuses_is_replaced_and_the_call_asks_once_more() {
        fetched("t1");

        CompletableFuture<String> refused = call(credential, refusing("t1"));
        CompletableFuture<String> another = call(credential, refusing("t1"));

        assertThat(endpoint.asked()).isEqualTo(2);
        endpoint.gives("t2");
        assertThat(answer(refused)).isEqualTo("t2");
        assertThat(answer(another)).isEqualTo("t2");
        assertThat(answer(call())).isEqualTo("t2");
    }

    @Test
    void an_upstream_that_refuses_every_token_costs_one_fetch_a_minute() {
        fetched("t");
        AtomicInteger asked = new AtomicInteger();
        Function<Credential, Mono<String>> never = shown -> Mono.defer(() -> {
            asked.incrementAndGet();
            return Mono.error(UNAUTHENTICATED);
        });
        CompletableFuture<String> first = call(credential, never);
        endpoint.gives("t");

        assertThat(failure(first)).isSameAs(UNAUTHENTICATED);
        assertThat(asked).hasValue(2);
        IntStream.range(0, 59).forEach(second -> {
            passes(Duration.ofSeconds(1));
            assertThat(failure(call(credential, never))).isSameAs(UNAUTHENTICATED);
        });
        assertThat(endpoint.asked()).isEqualTo(2);
        passes(Duration.ofSeconds(1));
        call(credential, never);
        assertThat(endpoint.asked()).isEqualTo(3);
    }

    @Test
    void what_an_upstream_refuses_for_other_reasons_says_nothing_about_the_token() {
        fetched("t1");
        Failure forbidden = Failure.upstream(403, "not yours");

        CompletableFuture<String> call = call(credential, shown -> Mono.error(forbidden));

        assertThat(failure(call)).isSameAs(forbidden);
        assertThat(endpoint.asked()).isEqualTo(1);
    }

    @Test
    void a_reload_keeps_the_token_of_a_source_that_is_as_it_was() {
        fetched("t1");

        List<TargetCredential> next = table(source("secret"), source("secret"), source("another"));

        assertThat(answer(call(next.get(0), FetchedCredentialTest::answered))).isEqualTo("t1");
        assertThat(next.get(1)).isSameAs(next.get(0)).isSameAs(credential);
        CompletableFuture<String> other = call(next.get(2), FetchedCredentialTest::answered);
        assertThat(endpoint.asked()).isEqualTo(2);
        endpoint.gives("t2");
        assertThat(answer(other)).isEqualTo("t2");
    }

    @Test
    void a_source_that_no_target_has_any_more_is_forgotten() {
        fetched("t1");
        table();

        CompletableFuture<String> call = call(table(source("secret")).get(0), FetchedCredentialTest::answered);

        assertThat(call).isNotDone();
        assertThat(endpoint.asked()).isEqualTo(2);
    }

    @Test
    void a_key_of_the_configuration_is_shown_without_anything_between() {
        TargetCredential fixed = credentials.next().of(new Settings(Map.of(), Map.of("key", new Secret("k"))));

        assertThat(fixed.<String>shown(Deadline.in(HOUR), FetchedCredentialTest::answered)
                        .toFuture())
                .isCompletedWithValue("k");
        assertThat(fixed.senders()).isEmpty();
        assertThat(endpoint.asked()).isZero();
    }

    /** Refuses this token, and answers with any other. */
    private static Function<Credential, Mono<String>> refusing(String token) {
        return shown -> shown.secret().reveal().equals(token) ? Mono.error(UNAUTHENTICATED) : answered(shown);
    }

    private void fetched(String token) {
        CompletableFuture<String> call = call();
        endpoint.gives(token);
        assertThat(answer(call)).isEqualTo(token);
    }
}
