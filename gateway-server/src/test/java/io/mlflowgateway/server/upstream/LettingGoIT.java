package io.mlflowgateway.server.upstream;

import static io.mlflowgateway.server.testing.RawUpstream.LAST_CHUNK;
import static io.mlflowgateway.server.testing.RawUpstream.STREAM_HEAD;
import static io.mlflowgateway.server.testing.RawUpstream.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Which connections outlive a change of routes, and which do not. */
class LettingGoIT extends UpstreamFixture {
    /** Long before it would be closed for being idle. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final UpstreamSettings PLAIN = settings(LONG, LONG, 100);

    private Sender sender(Optional<String> owner, UpstreamSettings settings, String target) {
        return upstreams.sender(owner, settings, "test", new Settings(Map.of("url", target), Map.of()));
    }

    @Test
    void a_target_that_did_not_change_keeps_its_connection() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            answer(sender(Optional.empty(), PLAIN, "a"), server.url());

            for (int reload = 0; reload < 20; reload++) {
                upstreams.keepOnly(Set.of(sender(Optional.empty(), PLAIN, "a")));
            }

            answer(sender(Optional.empty(), PLAIN, "a"), server.url());
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void what_has_to_do_with_the_answer_only_may_change_under_a_connection() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            answer(sender(Optional.empty(), PLAIN, "a"), server.url());
            UpstreamSettings others =
                    new UpstreamSettings(LONG, LONG, PATIENCE, PATIENCE, PATIENCE, 1, PLAIN.connections());

            upstreams.keepOnly(Set.of(sender(Optional.empty(), others, "a")));

            answer(sender(Optional.empty(), PLAIN, "a"), server.url());
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void targets_at_one_host_share_connections_and_owners_do_not() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            answer(sender(Optional.empty(), PLAIN, "a"), server.url());
            answer(sender(Optional.empty(), PLAIN, "b"), server.url());
            assertThat(server.connections()).isEqualTo(1);

            answer(sender(Optional.of("owner"), PLAIN, "a"), server.url());

            assertThat(server.connections()).isEqualTo(2);
            assertThat(upstreams.pools()).isEqualTo(2);
        }
    }

    @Test
    void the_idle_connections_of_a_target_that_is_gone_are_closed_at_once() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            answer(sender(Optional.empty(), PLAIN, "a"), server.url());

            upstreams.keepOnly(Set.of());

            Eventually.within(SOON, "it is closed", () -> server.openConnections() == 0);
            assertThat(upstreams.pools()).isZero();
            assertThat(upstreams.targets()).isZero();
        }
    }

    @Test
    void a_thousand_changes_leave_what_the_last_one_needs() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            for (int change = 0; change < 1_000; change++) {
                Sender next = sender(Optional.empty(), connectingWithin(LONG.plusMillis(change), 10), "a" + change);
                upstreams.keepOnly(Set.of(next));
                Await.value(next.send(whole(server.url()), soon()));
            }

            assertThat(upstreams.targets()).isEqualTo(1);
            assertThat(upstreams.pools()).isEqualTo(1);
            Eventually.within(SOON, "one is left", () -> server.openConnections() == 1);
        }
    }

    @Test
    void a_stream_runs_on_while_its_target_goes_and_its_connection_goes_after_it() {
        CountDownLatch goOn = new CountDownLatch(1);
        RawUpstream.Script script = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: 1\n\n"));
            goOn.await();
            talk.send(chunk("data: 2\n\n") + chunk("data: [DONE]\n\n") + LAST_CHUNK);
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(script)) {
            UpstreamResponse answer =
                    Await.value(sender(Optional.empty(), PLAIN, "a").send(stream(server.url()), soon()));
            Flux<SseEvent> events = eventsOf(answer);
            for (int reload = 0; reload < 100; reload++) {
                upstreams.keepOnly(Set.of(sender(Optional.empty(), PLAIN, "b" + reload)));
            }
            assertThat(server.openConnections()).isEqualTo(1);

            goOn.countDown();

            List<String> texts = Await.all(events.map(UpstreamFixture::text));
            assertThat(texts).containsExactly("1", "2", "[DONE]");
            Eventually.within(SOON, "it is closed", () -> server.openConnections() == 0);
        }
    }

    @Test
    void a_call_that_waits_for_a_connection_gets_one_though_its_target_is_gone() {
        CountDownLatch goOn = new CountDownLatch(1);
        RawUpstream.Script script = talk -> {
            while (talk.readRequest()) {
                goOn.await();
                talk.send(RawUpstream.json("{}"));
            }
        };
        try (RawUpstream server = new RawUpstream(script)) {
            Sender single = sender(Optional.of("owner"), settings(LONG, LONG, 1), "a");
            Disposable first = single.send(whole(server.url()), soon()).subscribe();
            Eventually.within(PATIENCE, "the first is out", () -> server.requestCount() == 1);
            var waiting = single.send(whole(server.url()), soon()).toFuture();

            upstreams.keepOnly(Set.of());
            goOn.countDown();

            assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(1);
            assertThat(first.isDisposed()).isTrue();
        }
    }

    @Test
    void a_call_that_comes_late_by_a_target_that_is_gone_is_served_and_leaves_nothing() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            Sender gone = sender(Optional.empty(), PLAIN, "a");
            Sender goneUnused = sender(Optional.empty(), PLAIN, "b");
            answer(gone, server.url());
            upstreams.keepOnly(Set.of());

            UpstreamResponse.Whole late = answer(gone, server.url());
            UpstreamResponse.Whole lateFirst = answer(goneUnused, server.url());

            assertThat(late.status()).isEqualTo(200);
            assertThat(lateFirst.status()).isEqualTo(200);
            assertThat(upstreams.pools()).isZero();
            Eventually.within(Duration.ofSeconds(2), "all are closed", () -> server.openConnections() == 0);
        }
    }
}
