package io.mlflowgateway.server.upstream;

import static io.mlflowgateway.server.testing.RawUpstream.LAST_CHUNK;
import static io.mlflowgateway.server.testing.RawUpstream.STREAM_HEAD;
import static io.mlflowgateway.server.testing.RawUpstream.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** A connection that went back to the pool belongs to the next call: nothing the call before does may end it. */
class OthersConnectionIT extends UpstreamFixture {
    private static final String THREE_EVENTS =
            STREAM_HEAD + chunk("data: 1\n\n") + chunk("data: 2\n\n") + chunk("data: 3\n\n") + LAST_CHUNK;

    private final Sender single = sender(settings(LONG, LONG, 1));
    private final CountDownLatch answerTheSecond = new CountDownLatch(1);

    /** Streams at once, to the end; then waits with the answer of the next call. */
    private final RawUpstream.Script script = talk -> {
        talk.readRequest();
        talk.send(THREE_EVENTS);
        while (talk.readRequest()) {
            answerTheSecond.await();
            talk.send(RawUpstream.json("{}"));
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"leaves after one event", "leaves before it reads"})
    void a_reader_that_leaves_a_stream_whose_rest_has_come_leaves_the_next_call_alone(String how) {
        try (RawUpstream server = new RawUpstream(script)) {
            SlowReader reader = new SlowReader(how.equals("leaves before it reads") ? 0 : 1);
            single.send(stream(server.url()), soon())
                    .flatMapMany(UpstreamFixture::eventsOf)
                    .subscribe(reader);
            CompletableFuture<UpstreamResponse> next = nextOn(server);

            reader.cancel();
            settle();
            answerTheSecond.countDown();

            assertServed(next, server);
        }
    }

    @Test
    void a_caller_that_leaves_with_a_stream_in_hand_leaves_the_next_call_alone() {
        try (RawUpstream server = new RawUpstream(script)) {
            CountDownLatch inHand = new CountDownLatch(1);
            Disposable caller = single.send(stream(server.url()), soon())
                    .doOnNext(answer -> inHand.countDown())
                    .flatMap(answer -> Mono.never())
                    .subscribe();
            Eventually.within(PATIENCE, "the stream is in hand", () -> inHand.getCount() == 0);
            CompletableFuture<UpstreamResponse> next = nextOn(server);

            caller.dispose();
            settle();
            answerTheSecond.countDown();

            assertServed(next, server);
        }
    }

    @Test
    void a_stream_that_is_given_up_when_its_rest_has_come_leaves_the_next_call_alone() {
        try (RawUpstream server = new RawUpstream(script)) {
            SlowReader reader = new SlowReader(1);
            single.send(stream(server.url()), Deadline.in(SHORT))
                    .flatMapMany(UpstreamFixture::eventsOf)
                    .subscribe(reader);
            CompletableFuture<UpstreamResponse> next = nextOn(server);

            Eventually.within(PATIENCE, "its time is over", () -> reader.fault.get() != null);
            settle();
            answerTheSecond.countDown();

            assertServed(next, server);
            assertThat(reader.fault.get())
                    .isInstanceOfSatisfying(
                            Failure.class, late -> assertThat(late.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT));
        }
    }

    @Test
    void a_connection_with_an_answer_that_is_no_http_in_its_middle_is_never_used_again() {
        RawUpstream.Script broken = talk -> {
            talk.readRequest();
            talk.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n");
            while (talk.readRequest()) {
                talk.send(RawUpstream.json("{}"));
            }
        };
        try (RawUpstream server = new RawUpstream(broken)) {
            for (int call = 1; call <= 3; call++) {
                assertThat(Await.failure(upstream.send(whole(server.url()), soon()))
                                .kind())
                        .isEqualTo(Kind.UPSTREAM_INVALID);
                settle();

                assertThat(server.connections()).isEqualTo(call);
            }
            Eventually.within(PATIENCE, "all are closed", () -> server.openConnections() == 0);
        }
    }

    /** Another call; there is one connection, so it is out when the first answer has come to its end. */
    private CompletableFuture<UpstreamResponse> nextOn(RawUpstream server) {
        CompletableFuture<UpstreamResponse> next =
                single.send(whole(server.url()), soon()).toFuture();
        Eventually.within(PATIENCE, "the second is out", () -> server.requestCount() == 2);
        return next;
    }

    private static void assertServed(CompletableFuture<UpstreamResponse> next, RawUpstream server) {
        assertThat(next.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
        assertThat(server.connections()).as("connections").isEqualTo(1);
        assertThat(server.requestCount()).as("requests").isEqualTo(2);
    }

    /** Asks for so many events, and no more. */
    private static final class SlowReader extends BaseSubscriber<Object> {
        private final long wants;
        final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

        SlowReader(long wants) {
            this.wants = wants;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (wants > 0) {
                subscription.request(wants);
            }
        }

        @Override
        protected void hookOnError(Throwable thrown) {
            fault.set(thrown);
        }
    }
}
