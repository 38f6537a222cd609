package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** The answers of all upstreams share one memory, and each gives back what it took of it. */
class CrowdedMemoryIT extends UpstreamFixture {
    private static final String LARGE = "x".repeat(200 * 1024);

    private final AnswerMemory memory = new AnswerMemory(new MemoryCap(500 * 1024));
    private final Upstreams crowded = new Upstreams(new Transport(loops), memory);
    private final Sender sender = crowded.sender(Optional.empty(), settings(LONG, LONG, 100), "test", Settings.NONE);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void closeCrowded() {
        goOn.countDown();
        crowded.close();
    }

    /** Sends all but the last byte of a large answer, and that when the test says so. */
    private void halt(RawUpstream.Talk talk) throws IOException, InterruptedException {
        while (talk.readRequest()) {
            talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length() + "\r\n\r\n" + LARGE.substring(1));
            goOn.await(20, TimeUnit.SECONDS);
            talk.send("x");
        }
    }

    @Test
    void the_answer_that_does_not_fit_beside_another_is_refused_and_the_other_is_served() {
        try (RawUpstream halting = new RawUpstream(this::halt);
                RawUpstream quick = RawUpstream.answering(RawUpstream.json(LARGE))) {
            var first = sender.send(whole(halting.url()), soon()).toFuture();
            Eventually.within(PATIENCE, "most of it is there", () -> memory.held() >= LARGE.length() - 1);

            Failure failure = Await.failure(sender.send(whole(quick.url()), soon()));
            goOn.countDown();

            assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
            assertThat(failure.retryAfter()).contains("1");
            assertThat(first.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(200);
            Eventually.within(PATIENCE, "all is given back", () -> memory.held() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaves", "reset", "late"})
    void an_answer_that_is_never_whole_gives_back_what_it_took(String how) {
        CountDownLatch there = new CountDownLatch(1);
        RawUpstream.Script script = talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE.length() + "\r\n\r\n" + LARGE.substring(1));
            there.await(20, TimeUnit.SECONDS);
            if (how.equals("reset")) {
                talk.reset();
            }
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(script)) {
            Duration firstByte = how.equals("late") ? Duration.ofSeconds(2) : LONG;
            Sender one = crowded.sender(Optional.empty(), settings(firstByte, LONG, 10), "test", Settings.NONE);
            Disposable call = one.send(whole(server.url()), soon()).subscribe(answer -> {}, thrown -> {});
            Eventually.within(PATIENCE, "most of it is there", () -> memory.held() >= LARGE.length() - 1);

            there.countDown();
            if (how.equals("leaves")) {
                call.dispose();
            }

            Eventually.within(PATIENCE, "all is given back", () -> memory.held() == 0);
        }
    }

    @Test
    void a_whole_answer_counts_until_the_exchange_of_its_caller_is_over() {
        Notes notes = new Notes("id", "POST", "/", LONG);
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json(LARGE))) {

            Mono<UpstreamResponse> call = sender.send(whole(server.url()), soon());
            UpstreamResponse answer = Await.value(call.contextWrite(Context.of(Notes.class, notes)));

            assertThat(answer.status()).isEqualTo(200);
            Eventually.within(PATIENCE, "it counts once", () -> memory.held() == LARGE.length());
            notes.over();
            assertThat(memory.held()).isZero();
        }
    }

    @Test
    void a_large_event_counts_while_it_grows_and_the_stream_that_is_too_much_ends() {
        String most = RawUpstream.STREAM_HEAD + RawUpstream.chunk("data: 1\n\ndata: " + LARGE);
        RawUpstream.Script script = talk -> {
            talk.readRequest();
            talk.send(most);
            goOn.await(20, TimeUnit.SECONDS);
            talk.send(RawUpstream.chunk("\n\n") + RawUpstream.LAST_CHUNK);
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(script)) {
            var first = events(sender, server.url())
                    .map(String::length)
                    .collectList()
                    .toFuture();
            Eventually.within(PATIENCE, "most of it is there", () -> memory.held() >= LARGE.length());

            Failure failure = Await.failure(events(sender, server.url()).then());
            goOn.countDown();

            assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
            assertThat(first.orTimeout(20, TimeUnit.SECONDS).join()).containsExactly(1, LARGE.length());
            Eventually.within(PATIENCE, "all is given back", () -> memory.held() == 0);
        }
    }
}
