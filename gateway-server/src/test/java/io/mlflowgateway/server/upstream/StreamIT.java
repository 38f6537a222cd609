package io.mlflowgateway.server.upstream;

import static io.mlflowgateway.server.testing.RawUpstream.LAST_CHUNK;
import static io.mlflowgateway.server.testing.RawUpstream.STREAM_HEAD;
import static io.mlflowgateway.server.testing.RawUpstream.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class StreamIT extends UpstreamFixture {
    private static final String ODD_FRAMING = ": comment\r\ndata:{\"t\":\"日本語\"}\r\n\r\nevent: x\rdata: Привет\r\r"
            + "data: 🎉\u2028🎉\n\n:\n\ndata: [DONE]\n\n";
    private static final String[] ODD_TEXTS = {"{\"t\":\"日本語\"}", "Привет", "🎉\u2028🎉", "[DONE]"};

    @Test
    void events_arrive_as_they_were_sent() {
        try (RawUpstream server = RawUpstream.answering(STREAM_HEAD + chunk(ODD_FRAMING) + LAST_CHUNK)) {

            List<String> events = Await.all(events(upstream, server.url()));

            assertThat(events).containsExactly(ODD_TEXTS);
            assertThat(server.requests().get(0)).contains("accept: text/event-stream");
        }
    }

    @Test
    void a_stream_that_comes_byte_by_byte_has_the_same_events() {
        RawUpstream.Script dribbling = talk -> {
            talk.readRequest();
            byte[] bytes = utf8(ODD_FRAMING);
            talk.send(STREAM_HEAD);
            for (byte b : bytes) {
                talk.dribble(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            talk.send(LAST_CHUNK);
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(dribbling)) {

            List<String> events = Await.all(events(upstream, server.url()));

            assertThat(events).containsExactly(ODD_TEXTS);
        }
    }

    @Test
    void an_event_is_handed_on_before_the_next_one_exists() {
        CountDownLatch seen = new CountDownLatch(1);
        RawUpstream.Script waitsForTheReader = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: 1\n\n"));
            if (seen.await(5, TimeUnit.SECONDS)) {
                talk.send(chunk("data: 2\n\n") + LAST_CHUNK);
            }
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(waitsForTheReader)) {

            Flux<String> events = events(upstream, server.url()).doOnNext(event -> seen.countDown());

            StepVerifier.create(events).expectNext("1", "2").expectComplete().verify(PATIENCE);
        }
    }

    @Test
    void a_refusal_of_a_stream_is_a_whole_answer() {
        String refusal = RawUpstream.json("{\"error\":{}}").replace("200 OK", "429 Too Many");
        try (RawUpstream server = RawUpstream.answering(refusal)) {

            UpstreamResponse answer = Await.value(upstream.send(stream(server.url()), soon()));

            assertThat(answer).isInstanceOf(UpstreamResponse.Whole.class);
            assertThat(answer.status()).isEqualTo(429);
        }
    }

    @Test
    void an_answer_of_another_type_is_a_whole_one() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{\"choices\":[]}"))) {

            UpstreamResponse answer = Await.value(upstream.send(stream(server.url()), soon()));

            assertThat(answer).isInstanceOf(UpstreamResponse.Whole.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fin", "rst", "inside a chunk"})
    void a_cut_stream_is_a_failure_after_the_events_that_came(String how) {
        CountDownLatch seen = new CountDownLatch(1);
        RawUpstream.Script cut = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: 1\n\n"));
            seen.await(5, TimeUnit.SECONDS);
            if (how.equals("inside a chunk")) {
                talk.send("ff\r\ndata: ha");
            } else if (how.equals("rst")) {
                talk.reset();
            }
        };
        try (RawUpstream server = new RawUpstream(cut)) {

            Flux<String> events = events(upstream, server.url()).doOnNext(event -> seen.countDown());

            StepVerifier.create(events)
                    .expectNext("1")
                    .expectErrorMatches(thrown -> kind(thrown) == Kind.UPSTREAM_UNREACHABLE)
                    .verify(PATIENCE);
        }
    }

    @Test
    void a_stream_that_stands_still_is_given_up_at_the_idle_limit_and_closed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script stalls = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: 1\n\n"));
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(stalls)) {
            Sender hasty = upstream(LONG, SHORT);

            StepVerifier.create(events(hasty, server.url()))
                    .expectNext("1")
                    .expectErrorMatches(thrown -> kind(thrown) == Kind.UPSTREAM_TIMEOUT)
                    .verify(SHORT.plusSeconds(2));

            assertThat(closed.await(1, TimeUnit.SECONDS))
                    .as("connection closed")
                    .isTrue();
        }
    }

    @Test
    void a_slow_reader_never_runs_into_the_idle_limit() {
        try (RawUpstream server = RawUpstream.answering(
                STREAM_HEAD + chunk("data: 1\n\ndata: 2\n\n") + chunk("data: 3\n\n") + LAST_CHUNK)) {
            Sender hasty = upstream(LONG, SHORT);

            StepVerifier.create(events(hasty, server.url()), 1)
                    .expectNext("1")
                    .expectNoEvent(SHORT.multipliedBy(3))
                    .thenRequest(1)
                    .expectNext("2")
                    .expectNoEvent(SHORT.multipliedBy(3))
                    .thenRequest(5)
                    .expectNext("3")
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Test
    void the_deadline_of_the_call_ends_a_lively_stream() {
        RawUpstream.Script lively = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD);
            for (int i = 0; i < 400; i++) {
                talk.send(chunk("data: tick\n\n"));
                talk.idle(20);
            }
        };
        try (RawUpstream server = new RawUpstream(lively)) {
            Flux<SseEvent> events =
                    upstream.send(stream(server.url()), Deadline.in(SHORT)).flatMapMany(UpstreamFixture::eventsOf);

            Failure failure = Await.failure(events.then());

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
        }
    }

    @Test
    void a_caller_who_leaves_inside_a_stream_closes_the_upstream_connection_at_once() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script lasting = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: 1\n\n"));
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(lasting)) {
            List<String> seen = new CopyOnWriteArrayList<>();
            Disposable call = events(upstream, server.url()).subscribe(seen::add);
            Eventually.within(PATIENCE, "the first event", () -> !seen.isEmpty());

            call.dispose();

            assertThat(closed.await(1, TimeUnit.SECONDS))
                    .as("closed within 1 s")
                    .isTrue();
        }
    }

    @Test
    void a_caller_who_leaves_at_an_event_closes_the_upstream_connection_at_once() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script lasting = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: 1\n\ndata: 2\n\n"));
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(lasting)) {

            String first = Await.value(events(upstream, server.url()).next());

            assertThat(first).isEqualTo("1");
            assertThat(closed.await(1, TimeUnit.SECONDS))
                    .as("closed within 1 s")
                    .isTrue();
        }
    }

    @Test
    void a_target_is_not_blamed_for_a_caller_who_takes_all_the_time_to_read() {
        String event = chunk("data: 1\n\n");
        RawUpstream.Script lasting = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + event + event);
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(lasting)) {
            Flux<SseEvent> events =
                    upstream.send(stream(server.url()), Deadline.in(SHORT)).flatMapMany(UpstreamFixture::eventsOf);
            AtomicReference<Throwable> seen = new AtomicReference<>();
            Deadline longPast = Deadline.in(SHORT.multipliedBy(2));

            StepVerifier.create(events, 1)
                    .expectNextCount(1)
                    .then(() -> Eventually.within(
                            PATIENCE,
                            "the end of the time",
                            () -> longPast.left().isZero()))
                    .thenRequest(10)
                    .consumeErrorWith(seen::set)
                    .verify(PATIENCE);

            assertThat(seen.get()).isInstanceOfSatisfying(Failure.class, late -> {
                assertThat(late.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
                assertThat(late.blamesTarget()).isFalse();
            });
        }
    }

    @Test
    void a_stream_nobody_reads_is_closed_at_the_deadline() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script lasting = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD);
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(lasting)) {

            UpstreamResponse answer = Await.value(upstream.send(stream(server.url()), Deadline.in(SHORT)));

            assertThat(answer).isInstanceOf(UpstreamResponse.Events.class);
            assertThat(closed.await(2, TimeUnit.SECONDS))
                    .as("connection closed")
                    .isTrue();
        }
    }

    @Test
    void the_socket_is_read_only_as_fast_as_the_caller_reads() {
        AtomicLong written = new AtomicLong();
        String event = chunk("data: " + "x".repeat(16_000) + "\n\n");
        RawUpstream.Script torrent = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD);
            while (written.addAndGet(event.length()) < 200_000_000L) {
                talk.send(event);
            }
        };
        try (RawUpstream server = new RawUpstream(torrent)) {
            SlowReader reader = new SlowReader();
            events(upstream, server.url()).subscribe(reader);
            Eventually.within(PATIENCE, "the first event", () -> reader.seen.get() == 1);
            AtomicLong before = new AtomicLong(-1);

            Eventually.within(PATIENCE, "the writer is held up", () -> !moved(written, before));

            reader.cancel();
            // What fits into two kernel buffers and one round of reads, not what was to be sent.
            assertThat(written.get()).isLessThan(32_000_000L);
            assertThat(reader.seen.get()).isEqualTo(1);
        }
    }

    private static boolean moved(AtomicLong written, AtomicLong before) {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        long now = written.get();
        return before.getAndSet(now) != now;
    }

    @Test
    void an_event_larger_than_the_limit_ends_the_stream_and_closes_the_connection() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script endless = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: 1\n\ndata: "));
            try {
                while (true) {
                    talk.send(chunk("x".repeat(8000)));
                }
            } finally {
                closed.countDown();
            }
        };
        try (RawUpstream server = new RawUpstream(endless)) {

            StepVerifier.create(events(upstream, server.url()))
                    .expectNext("1")
                    .expectErrorMatches(thrown -> kind(thrown) == Kind.UPSTREAM_INVALID)
                    .verify(PATIENCE);

            assertThat(closed.await(2, TimeUnit.SECONDS))
                    .as("connection closed")
                    .isTrue();
        }
    }

    @Test
    void a_reader_who_stops_at_the_terminal_word_leaves_the_connection_for_the_next_call() {
        AtomicLong ended = new AtomicLong();
        RawUpstream.Script endsALittleLater = talk -> {
            while (talk.readRequest()) {
                talk.send(STREAM_HEAD + chunk("data: 1\n\n") + chunk("data: [DONE]\n\n"));
                talk.idle(30);
                talk.send(LAST_CHUNK);
                talk.idle(50);
                ended.incrementAndGet();
            }
        };
        try (RawUpstream server = new RawUpstream(endsALittleLater)) {
            for (int i = 1; i <= 3; i++) {
                int calls = i;

                List<String> events = untilDone(server.url());

                assertThat(events).containsExactly("1", "[DONE]");
                Eventually.within(PATIENCE, "the stream has ended", () -> ended.get() == calls);
                settle();
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_server_that_keeps_the_stream_open_after_the_terminal_word_is_left() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        RawUpstream.Script neverEnds = talk -> {
            talk.readRequest();
            talk.send(STREAM_HEAD + chunk("data: [DONE]\n\n"));
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(neverEnds)) {

            untilDone(server.url());

            assertThat(closed.await(1, TimeUnit.SECONDS))
                    .as("closed within 1 s")
                    .isTrue();
        }
    }

    private List<String> untilDone(String url) {
        UpstreamResponse answer = Await.value(upstream.send(stream(url), soon()));
        return Await.all(eventsOf(answer).map(UpstreamFixture::text).takeUntil("[DONE]"::equals));
    }

    private static Kind kind(Throwable thrown) {
        return ((Failure) thrown).kind();
    }

    /** Asks for one event and no more. */
    private static final class SlowReader extends BaseSubscriber<String> {
        final AtomicLong seen = new AtomicLong();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(String event) {
            seen.incrementAndGet();
        }
    }
}
