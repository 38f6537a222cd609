package io.mlflowgateway.server.http;

import io.mlflowgateway.server.query.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A small site with one endpoint for each way an exchange can go. */
final class TestSite implements Site {
    final Sinks.Many<byte[]> events = Sinks.many().unicast().onBackpressureBuffer();
    final Sinks.One<Answer> held = Sinks.one();
    final CountDownLatch cancelled = new CountDownLatch(1);
    final CountDownLatch started = new CountDownLatch(1);
    final AtomicLong produced = new AtomicLong();

    @Override
    public Endpoint endpoint(Head head) {
        return switch (head.path()) {
            case "/echo" ->
                (h, body) -> Mono.just(text(200, h.method() + " " + new String(body, StandardCharsets.UTF_8)));
            case "/refused-by-head" -> new RefusedByHead();
            case "/big" -> (h, body) -> Mono.just(text(200, "x".repeat(16 << 20)));
            case "/fails-when-left" -> (h, body) -> Mono.fromDirect((Publisher<Answer>) this::failWhenLeft);
            case "/path/日" -> (h, body) -> Mono.just(text(200, "found"));
            case "/never" ->
                (h, body) -> Mono.<Answer>never()
                        .doOnSubscribe(s -> started.countDown())
                        .doOnCancel(cancelled::countDown);
            case "/held" -> (h, body) -> held.asMono().doOnSubscribe(s -> started.countDown());
            case "/events" ->
                (h, body) -> Mono.just(new Answer.Events(
                        200,
                        Map.of("content-type", "text/event-stream"),
                        events.asFlux().doOnSubscribe(s -> started.countDown()).doOnCancel(cancelled::countDown)));
            case "/endless" ->
                (h, body) -> Mono.just(new Answer.Events(
                        200,
                        Map.of("content-type", "text/event-stream"),
                        Flux.<byte[]>generate(sink -> {
                                    produced.incrementAndGet();
                                    sink.next(new byte[16 * 1024]);
                                })
                                .doOnCancel(cancelled::countDown)));
            case "/broken" ->
                (h, body) -> Mono.just(new Answer.Events(
                        200,
                        Map.of("content-type", "text/event-stream"),
                        Flux.error(Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, "late"))));
            case "/bug" -> (h, body) -> Mono.error(new IllegalStateException("secret detail"));
            case "/unwritable" ->
                (h, body) -> Mono.just(new Answer.Whole(200, Map.of("retry-after", "5\r\nx: y"), body));
            case "/unwritable-stream" ->
                (h, body) -> Mono.just(new Answer.Events(
                        200, Map.of("retry-after", "5\r\nx: y"), Flux.just("a".getBytes(StandardCharsets.UTF_8))));
            case "/empty" -> (h, body) -> Mono.empty();
            default -> throw Failure.of(Failure.Kind.NOT_FOUND, "Not Found");
        };
    }

    @Override
    public Answer.Whole failure(Head head, Failure failure) {
        return text(failure.status(), failure.getMessage());
    }

    @Override
    public byte[] failureEvent(Head head, Failure failure) {
        return ("failed: " + failure.getMessage()).getBytes(StandardCharsets.UTF_8);
    }

    private record RefusedByHead() implements Endpoint {
        @Override
        public Mono<Answer> answer(Head head, byte[] body) {
            return Mono.just(text(415, "not that"));
        }

        @Override
        public boolean needsBody(Head head) {
            return false;
        }
    }

    /** As an upstream does that breaks in the moment it is let go. */
    private void failWhenLeft(Subscriber<? super Answer> subscriber) {
        subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                started.countDown();
            }

            @Override
            public void cancel() {
                subscriber.onError(new IllegalStateException("too late"));
                cancelled.countDown();
            }
        });
    }

    /** Answers what waits at {@code /held}. */
    void letGo() {
        held.tryEmitValue(text(200, "held")).orThrow();
    }

    void emit(String event) {
        events.tryEmitNext(event.getBytes(StandardCharsets.UTF_8)).orThrow();
    }

    private static Answer.Whole text(int status, String text) {
        return new Answer.Whole(status, Map.of("content-type", "text/plain"), text.getBytes(StandardCharsets.UTF_8));
    }
}
