package io.mlflowgateway.server.upstream;

import static io.mlflowgateway.server.testing.AwsFrames.event;
import static io.mlflowgateway.server.testing.AwsFrames.exception;
import static io.mlflowgateway.server.testing.RawUpstream.LAST_CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.Framing;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.RawUpstream.Talk;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Streams that are not of server-sent events. */
class FramingIT extends UpstreamFixture {
    private static final String AWS = "application/vnd.amazon.eventstream";
    private static final byte[] START = event("messageStart", "{\"role\":\"assistant\"}");
    private static final byte[] DELTA = event("contentBlockDelta", "{\"delta\":{\"text\":\"Привет 🎉\"}}");
    private static final byte[] THROTTLED = exception("throttlingException", "{\"message\":\"slow down\"}");

    @Test
    void messages_of_amazons_encoding_arrive_as_they_were_sent_and_the_connection_is_used_again() {
        try (RawUpstream server = new RawUpstream(talk -> {
            while (talk.readRequest()) {
                talk.send(head(AWS));
                send(talk, START);
                send(talk, DELTA);
                send(talk, THROTTLED);
                talk.send(LAST_CHUNK);
            }
        })) {
            for (int i = 0; i < 3; i++) {

                List<String> events = Await.all(events(server, Framing.AWS_EVENT_STREAM));
                settle();

                assertThat(events)
                        .containsExactly(
                                "messageStart|{\"role\":\"assistant\"}",
                                "contentBlockDelta|{\"delta\":{\"text\":\"Привет 🎉\"}}",
                                "exception:throttlingException|{\"message\":\"slow down\"}");
            }
            assertThat(server.requests().get(0)).contains("accept: " + AWS + "\r\n", "accept-encoding: identity\r\n");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AWS_EVENT_STREAM, metadata, 1",
        "AWS_EVENT_STREAM, messageStop, 3",
        "AWS_EVENT_STREAM, message_stop, 3",
        "SSE, message_stop, 1",
        "SSE, message-end, 1",
        "SSE, metadata, 3"
    })
    void a_reader_who_leaves_at_the_last_event_of_its_framing_leaves_the_connection(
            Framing framing, String name, int connections) {
        boolean aws = framing == Framing.AWS_EVENT_STREAM;
        AtomicLong ended = new AtomicLong();
        byte[] last = aws ? event(name, "{}") : utf8("event: " + name + "\ndata: {}\n\n");
        try (RawUpstream server = new RawUpstream(talk -> {
            while (talk.readRequest()) {
                try {
                    talk.send(head(aws ? AWS : "text/event-stream"));
                    send(talk, last);
                    talk.idle(30);
                    talk.send(LAST_CHUNK);
                    talk.idle(50);
                } finally {
                    ended.incrementAndGet();
                }
            }
        })) {
            for (int i = 1; i <= 3; i++) {
                int calls = i;

                UpstreamResponse answer = Await.value(upstream.send(request(server, framing), soon()));
                List<String> events =
                        Await.all(eventsOf(answer).map(FramingIT::named).takeUntil((name + "|{}")::equals));

                assertThat(events).containsExactly(name + "|{}");
                Eventually.within(PATIENCE, "the stream has ended", () -> ended.get() == calls);
                settle();
            }
            assertThat(server.connections()).isEqualTo(connections);
        }
    }

    @Test
    void messages_that_come_byte_by_byte_are_the_same() {
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.send(head(AWS));
            for (byte b : DELTA) {
                talk.dribble(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            talk.send(LAST_CHUNK);
            talk.awaitClose();
        })) {

            List<String> events = Await.all(events(server, Framing.AWS_EVENT_STREAM));

            assertThat(events).containsExactly("contentBlockDelta|{\"delta\":{\"text\":\"Привет 🎉\"}}");
        }
    }

    @Test
    void a_message_is_handed_on_before_the_next_one_exists() {
        CountDownLatch seen = new CountDownLatch(1);
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.send(head(AWS));
            send(talk, START);
            if (seen.await(5, TimeUnit.SECONDS)) {
                send(talk, DELTA);
                talk.send(LAST_CHUNK);
            }
            talk.awaitClose();
        })) {
            Flux<String> events = events(server, Framing.AWS_EVENT_STREAM).doOnNext(event -> seen.countDown());

            StepVerifier.create(events).expectNextCount(2).expectComplete().verify(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a changed byte", "a length beyond the limit", "an end inside a message"})
    void a_broken_message_ends_the_stream_with_a_failure_after_those_that_came(String how) {
        byte[] broken = DELTA.clone();
        broken[how.equals("a length beyond the limit") ? 0 : 60] ^= 1;
        byte[] next = how.equals("an end inside a message") ? Arrays.copyOf(DELTA, 60) : broken;
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.send(head(AWS));
            send(talk, START);
            send(talk, next);
            talk.send(LAST_CHUNK);
            talk.awaitClose();
        })) {

            StepVerifier.create(events(server, Framing.AWS_EVENT_STREAM))
                    .expectNext("messageStart|{\"role\":\"assistant\"}")
                    .expectErrorMatches(thrown -> ((Failure) thrown).kind() == Kind.UPSTREAM_INVALID)
                    .verify(PATIENCE);
        }
    }

    @Test
    void a_cut_connection_is_told_as_that() {
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.send(head(AWS));
            send(talk, START);
            send(talk, Arrays.copyOf(DELTA, 30));
        })) {

            StepVerifier.create(events(server, Framing.AWS_EVENT_STREAM))
                    .expectNextCount(1)
                    .expectErrorMatches(thrown -> ((Failure) thrown).kind() == Kind.UPSTREAM_UNREACHABLE)
                    .verify(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/stream+json; charset=utf-8", "Application/JSONL"})
    void lines_of_json_are_events(String type) {
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.send(head(type));
            send(talk, utf8("{\"t\":\"При"));
            send(talk, utf8("вет\"}\n\n{\"t\":2}\r\n{\"done\":true}"));
            talk.send(LAST_CHUNK);
            talk.awaitClose();
        })) {

            List<String> events = Await.all(events(server, Framing.NDJSON));

            assertThat(events).containsExactly("|{\"t\":\"Привет\"}", "|{\"t\":2}", "|{\"done\":true}");
        }
    }

    @ParameterizedTest
    @CsvSource({"AWS_EVENT_STREAM, text/event-stream", "SSE, " + AWS, "NDJSON, application/json"})
    void an_answer_in_another_framing_than_was_asked_for_is_a_whole_one(Framing asked, String type) {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}").replace("application/json", type))) {

            UpstreamResponse answer = Await.value(upstream.send(request(server, asked), soon()));

            assertThat(answer).isInstanceOf(UpstreamResponse.Whole.class);
        }
    }

    private Flux<String> events(RawUpstream server, Framing framing) {
        return upstream.send(request(server, framing), soon())
                .flatMapMany(UpstreamFixture::eventsOf)
                .map(FramingIT::named);
    }

    private static String named(SseEvent event) {
        return event.name() + "|" + text(event);
    }

    private static UpstreamRequest request(RawUpstream server, Framing framing) {
        return new UpstreamRequest(server.url(), Map.of(), Payload.of(utf8("{}")), true, framing);
    }

    private static String head(String type) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    private static void send(Talk talk, byte[] chunk) throws IOException {
        talk.send(Integer.toHexString(chunk.length) + "\r\n");
        talk.send(chunk);
        talk.send("\r\n");
    }
}
