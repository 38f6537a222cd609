package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What a server sends without being asked never becomes a part of another call's answer. */
class UnaskedBytesIT extends UpstreamFixture {
    private static final String GOOD = RawUpstream.json("\"good\"");
    private static final String FOREIGN = RawUpstream.json("\"foreign\"");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 102 Processing\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
            })
    void interim_answers_are_passed_over_and_the_final_one_is_the_answer(String interim) {
        try (RawUpstream server = RawUpstream.answering(interim + GOOD)) {

            UpstreamResponse.Whole first = answer(upstream, server.url());
            UpstreamResponse.Whole second = answer(upstream, server.url());

            assertThat(text(first.body())).isEqualTo("\"good\"");
            assertThat(text(second.body())).isEqualTo("\"good\"");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_interim_answer_that_comes_alone_is_passed_over_too() {
        RawUpstream.Script script = talk -> {
            while (talk.readRequest()) {
                talk.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                talk.idle(50);
                talk.send(GOOD);
            }
        };
        try (RawUpstream server = new RawUpstream(script)) {

            UpstreamResponse.Whole first = answer(upstream, server.url());
            UpstreamResponse.Whole second = answer(upstream, server.url());

            assertThat(text(first.body())).isEqualTo("\"good\"");
            assertThat(text(second.body())).isEqualTo("\"good\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200 OK\r\nX-Swallow: ", "garbage\r\n\r\n", "whole answer"})
    void what_follows_an_answer_in_one_packet_ends_the_connection(String more) {
        String unasked = more.equals("whole answer") ? FOREIGN : more;
        try (RawUpstream server = RawUpstream.answering(GOOD + unasked)) {

            for (int call = 0; call < 3; call++) {
                assertThat(text(answer(upstream, server.url()).body())).isEqualTo("\"good\"");
            }

            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200 OK\r\nX-Swallow: ", "garbage\r\n\r\n", "whole answer"})
    void what_follows_an_answer_in_one_packet_is_nothing_to_the_call_that_waits_for_the_connection(String more) {
        String unasked = more.equals("whole answer") ? FOREIGN : more;
        Sender single = sender(settings(LONG, LONG, 1));
        try (RawUpstream server = RawUpstream.answering(GOOD + unasked)) {
            List<CompletableFuture<UpstreamResponse>> calls = Stream.generate(
                            () -> single.send(whole(server.url()), soon()).toFuture())
                    .limit(20)
                    .toList();

            assertThat(calls)
                    .map(call -> (UpstreamResponse.Whole)
                            call.orTimeout(20, TimeUnit.SECONDS).join())
                    .allSatisfy(answer -> assertThat(text(answer.body())).isEqualTo("\"good\""));
            assertThat(server.requestCount()).as("none went out twice").isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200 OK\r\nX-Swallow: ", "whole answer"})
    void what_comes_on_an_idle_connection_ends_it(String more) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        String unasked = more.equals("whole answer") ? FOREIGN : more;
        RawUpstream.Script script = talk -> {
            talk.readRequest();
            talk.send(GOOD);
            talk.idle(30);
            talk.send(unasked);
            talk.awaitClose();
            closed.countDown();
        };
        try (RawUpstream server = new RawUpstream(script)) {
            String first = text(answer(upstream, server.url()).body());
            assertThat(closed.await(2, TimeUnit.SECONDS)).as("closed").isTrue();

            String second = text(answer(upstream, server.url()).body());

            assertThat(first).isEqualTo("\"good\"");
            assertThat(second).isEqualTo("\"good\"");
        }
    }

    @Test
    void a_change_of_protocol_ends_the_connection() {
        String switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
        try (RawUpstream server = RawUpstream.answering(switched + FOREIGN)) {

            for (int call = 0; call < 2; call++) {
                int status = Await.value(upstream.send(whole(server.url()), soon())
                        .map(UpstreamResponse::status)
                        .onErrorResume(Failure.class, failure -> Mono.just(failure.status())));
                assertThat(status).isIn(101, 502);
            }

            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void a_compressed_stream_is_refused_because_nobody_asked_for_one() {
        byte[] zipped = gzip("data: a\n\n".repeat(100_000));
        RawUpstream.Script script = talk -> {
            talk.readRequest();
            talk.send(compressed("text/event-stream", zipped));
            talk.send(zipped);
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(script)) {

            Failure failure = Await.failure(upstream.send(stream(server.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
            assertThat(server.requests().get(0).toLowerCase(Locale.ROOT)).contains("accept-encoding: identity\r\n");
        }
    }

    @Test
    void a_compressed_stream_is_refused_behind_a_compressed_answer_too() {
        byte[] answer = gzip("\"good\"");
        byte[] zipped = gzip("data: a\n\n".repeat(100_000));
        RawUpstream.Script script = talk -> {
            talk.readRequest();
            talk.send(compressed("application/json", answer));
            talk.send(answer);
            talk.readRequest();
            talk.send(compressed("text/event-stream", zipped));
            talk.send(zipped);
            talk.awaitClose();
        };
        try (RawUpstream server = new RawUpstream(script)) {
            UpstreamResponse.Whole first = answer(upstream, server.url());

            Failure failure = Await.failure(upstream.send(stream(server.url()), soon()));

            assertThat(text(first.body())).isEqualTo("\"good\"");
            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    private static String compressed(String type, byte[] zipped) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Encoding: gzip\r\nContent-Length: "
                + zipped.length + "\r\n\r\n";
    }

    private static byte[] gzip(String plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(utf8(plain));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
