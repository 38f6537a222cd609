package io.mlflowgateway.langchain4j.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RetriableException;
import io.mlflowgateway.langchain4j.token.OAuthTokenProvider.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OAuthTokenProviderTest {

    private static final String SECRET = "dose-fake-never-shown";
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong(-5);
    private final List<CompletableFuture<Grant>> asked = new ArrayList<>();
    private final OAuthTokenProvider provider =
            new OAuthTokenProvider(this::ask, Duration.ofMinutes(2), now::get, "here");

    @Test
    void a_token_is_kept_until_shortly_before_it_expires() {
        CompletableFuture<String> first = token();
        grant(0, "one");
        pass(Duration.ofMinutes(57));

        assertThat(first).isCompletedWithValue("one");
        assertThat(token()).isCompletedWithValue("one");
        assertThat(asked).hasSize(1);
    }

    @Test
    void the_next_token_is_fetched_while_the_present_one_is_still_handed_out() {
        token();
        grant(0, "one");
        pass(Duration.ofMinutes(58));

        assertThat(token()).isCompletedWithValue("one");
        assertThat(token()).isCompletedWithValue("one");
        assertThat(asked).hasSize(2);
        grant(1, "two");
        assertThat(token()).isCompletedWithValue("two");
    }

    @Test
    void an_identity_server_that_is_down_is_not_noticed_while_the_token_holds_and_is_left_alone_a_while() {
        token();
        grant(0, "one");
        pass(Duration.ofMinutes(58));
        token();

        asked.get(1).completeExceptionally(new RetriableException("down"));

        assertThat(token()).isCompletedWithValue("one");
        assertThat(asked).hasSize(2);
        pass(Duration.ofSeconds(5));
        assertThat(token()).isCompletedWithValue("one");
        assertThat(asked).hasSize(3);
    }

    @Test
    void after_its_end_a_token_is_not_shown_any_more() {
        token();
        grant(0, "one");
        pass(HOUR);

        CompletableFuture<String> next = token();

        assertThat(next).isNotDone();
        grant(1, "two");
        assertThat(next).isCompletedWithValue("two");
    }

    @Test
    void many_callers_at_once_make_one_request() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(16);
        CountDownLatch start = new CountDownLatch(1);
        try {
            List<Future<CompletableFuture<String>>> tokens = new ArrayList<>();
            for (int caller = 0; caller < 64; caller++) {
                tokens.add(callers.submit(() -> {
                    start.await();
                    return token();
                }));
            }
            start.countDown();
            for (Future<CompletableFuture<String>> token : tokens) {
                assertThat(token.get()).isNotDone();
            }

            assertThat(asked).hasSize(1);
            grant(0, "one");
            for (Future<CompletableFuture<String>> token : tokens) {
                assertThat(token.get()).isCompletedWithValue("one");
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void a_caller_that_leaves_does_not_end_the_waiting_of_the_others() {
        CompletableFuture<String> leaving = token();
        CompletableFuture<String> staying = token();

        leaving.cancel(true);
        grant(0, "one");

        assertThat(staying).isCompletedWithValue("one");
    }

    @Test
    void a_failure_is_told_to_those_who_wait_and_not_kept() {
        CompletableFuture<String> first = token();
        asked.get(0).completeExceptionally(new RetriableException("down"));

        CompletableFuture<String> second = token();
        grant(1, "two");

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedWithValue("two");
    }

    @Test
    void a_refused_token_is_forgotten_once_and_its_successor_kept() {
        token();
        grant(0, "one");

        assertThat(provider.refused("one")).isTrue();
        token();
        grant(1, "two");
        assertThat(provider.refused("one")).isTrue();

        assertThat(token()).isCompletedWithValue("two");
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_request_that_cannot_be_made_does_not_stop_later_ones() {
        OAuthTokenProvider broken = new OAuthTokenProvider(
                () -> {
                    throw new IllegalStateException("no socket");
                },
                Duration.ZERO,
                now::get,
                "here");

        assertThat(broken.token().toCompletableFuture()).isCompletedExceptionally();
        assertThat(broken.token().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void what_is_missing_or_makes_no_sense_is_refused_by_name_and_nothing_secret_is_printed() {
        OAuthTokenProvider.Builder builder =
                OAuthTokenProvider.databricks("https://ws.example/").clientSecret(SECRET);

        assertThatThrownBy(builder::build).hasMessage("clientId is required");
        assertThatThrownBy(() -> builder.clientId("id").timeout(Duration.ZERO).build())
                .hasMessageContaining("timeout");
        assertThatThrownBy(() -> OAuthTokenProvider.builder()
                        .tokenUrl("https://me:" + SECRET + "@host/token")
                        .clientId("id")
                        .clientSecret(SECRET)
                        .build())
                .hasMessageContaining("tokenUrl")
                .hasMessageNotContaining(SECRET);
        assertThat(builder.toString()).doesNotContain(SECRET);
        assertThat(builder.timeout(null).build()).hasToString("OAuthTokenProvider{https://ws.example/oidc/v1/token}");
        assertThat(new Grant(SECRET, HOUR).toString()).doesNotContain(SECRET);
    }

    @Test
    void entra_id_is_asked_under_the_tenants_address() {
        OAuthTokenProvider entra = OAuthTokenProvider.entraId("contoso.example")
                .clientId("id")
                .clientSecret(SECRET)
                .scope("api/.default")
                .build();

        assertThat(entra)
                .hasToString("OAuthTokenProvider{https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token}");
    }

    @Test
    void a_variable_of_the_environment_is_read_once_and_never_shown() {
        TokenProvider provider = FixedToken.fromEnvironment("MY_TOKEN", Map.of("MY_TOKEN", SECRET));

        assertThat(provider.token().toCompletableFuture()).isCompletedWithValue(SECRET);
        assertThat(provider.refused(SECRET)).isFalse();
        assertThat(provider).hasToString("TokenProvider{the environment variable MY_TOKEN}");
        assertThatThrownBy(() -> FixedToken.fromEnvironment("MY_TOKEN", Map.of()))
                .hasMessage("the environment variable MY_TOKEN is not set");
        assertThatThrownBy(() -> TokenProvider.of(" ")).hasMessage("a fixed token is blank");
    }

    private synchronized CompletableFuture<Grant> ask() {
        CompletableFuture<Grant> grant = new CompletableFuture<>();
        asked.add(grant);
        return grant;
    }

    private CompletableFuture<String> token() {
        return provider.token().toCompletableFuture();
    }

    private void grant(int index, String token) {
        asked.get(index).complete(new Grant(token, HOUR));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
