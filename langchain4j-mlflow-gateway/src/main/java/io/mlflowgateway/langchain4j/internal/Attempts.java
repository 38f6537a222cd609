package io.mlflowgateway.langchain4j.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** One try at one call: sends it, waits no longer than allowed, and turns what goes wrong into exceptions. */
final class Attempts {

    /** Whole or streamed; less where the memory is small, so that no answer takes all of it. */
    private static final int ANSWER_LIMIT_BYTES =
            (int) Math.min(256 * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

    private static final int REFUSAL_LIMIT_BYTES = 64 * 1024;

    /** How much of a stream is read before someone wants it, in reads of up to 16 KiB. */
    private static final int READS_AHEAD = 16;

    private final ConnectionSettings settings;
    private final Transport transport;
    private final RequestMaker requests;
    private final Credentials credentials;

    Attempts(ConnectionSettings settings, Transport transport) {
        this.settings = settings;
        this.transport = transport;
        this.requests = new RequestMaker(settings);
        this.credentials = new Credentials(settings);
    }

    Mono<WholeAnswer> whole(Invocation call, Course course) {
        int attempt = course.begin();
        return credentials.ask(call, attempt).flatMap(token -> whole(call, attempt, course, token));
    }

    <T> Flux<T> stream(Invocation call, Course course, StreamReader<T> reader) {
        int attempt = course.begin();
        return credentials.ask(call, attempt).flatMapMany(token -> stream(call, attempt, course, token, reader));
    }

    private Mono<WholeAnswer> whole(Invocation call, int attempt, Course course, Optional<String> token) {
        token.ifPresent(course::showing);
        TransportRequest request = requests.make(call, token);
        Failures failures = new Failures(settings.baseUrl(), call, request, attempt);
        return send(request)
                .flatMap(response -> wholeBody(response, request, failures))
                .onErrorMap(failures::broken);
    }

    private <T> Flux<T> stream(
            Invocation call, int attempt, Course course, Optional<String> token, StreamReader<T> reader) {
        token.ifPresent(course::showing);
        TransportRequest request = requests.make(call, token);
        Failures failures = new Failures(settings.baseUrl(), call, request, attempt);
        return send(request)
                .flatMapMany(response -> events(response, request, failures, reader))
                .onErrorMap(failures::broken);
    }

    private Mono<TransportResponse> send(TransportRequest request) {
        settings.log().request(request);
        return transport.send(request).timeout(settings.timeouts().firstByte(), tooSlow("head"));
    }

    private Mono<WholeAnswer> wholeBody(TransportResponse response, TransportRequest request, Failures failures) {
        if (!response.head().successful()) {
            return refusal(response, request, failures).flatMap(Mono::error);
        }
        return collected(response, ANSWER_LIMIT_BYTES)
                .doOnNext(body -> settings.log().response(response.head(), body, request))
                .map(body -> new WholeAnswer(response.head(), body, failures));
    }

    private <T> Flux<T> events(
            TransportResponse response, TransportRequest request, Failures failures, StreamReader<T> reader) {
        ResponseHead head = response.head();
        if (!head.successful()) {
            return refusal(response, request, failures).flatMapMany(Flux::error);
        }
        String type = head.mediaType();
        if (!type.isEmpty() && !type.equals("text/event-stream")) {
            return notAStream(response, request, failures).flatMapMany(Flux::error);
        }
        settings.log().streamOpened(head);
        Flux<List<ByteBuffer>> watched =
                IdleWatch.over(response.body(), settings.timeouts().idle(), Schedulers.parallel());
        return reader.read(
                head, parsed(watched).doOnNext(event -> settings.log().event(event, request)), failures);
    }

    private static Flux<SseEvent> parsed(Flux<List<ByteBuffer>> body) {
        return Flux.defer(() -> {
            SseParser parser = new SseParser(ANSWER_LIMIT_BYTES);
            return body.concatMapIterable(parser::feed, READS_AHEAD)
                    .concatWith(Flux.defer(() -> Flux.fromIterable(parser.end())));
        });
    }

    private Mono<RuntimeException> refusal(TransportResponse response, TransportRequest request, Failures failures) {
        return beginning(response)
                .doOnNext(body -> settings.log().response(response.head(), body, request))
                .map(body -> failures.refused(response.head(), body));
    }

    /** Some servers answer a stream they cannot begin with 200 and a JSON error. */
    private Mono<RuntimeException> notAStream(TransportResponse response, TransportRequest request, Failures failures) {
        ResponseHead head = response.head();
        return beginning(response)
                .doOnNext(body -> settings.log().response(head, body, request))
                .map(body -> told(head, body, failures));
    }

    private static RuntimeException told(ResponseHead head, byte[] body, Failures failures) {
        String text = new String(body, StandardCharsets.UTF_8);
        boolean error = Json.parse(body).filter(ErrorBody::isError).isPresent();
        return error
                ? failures.inBand(head, new SseEvent("error", text))
                : failures.notUnderstood(head, "asked for an event stream, but the answer is " + head.mediaType());
    }

    private Mono<byte[]> collected(TransportResponse response, int limit) {
        return response.body()
                .collect(() -> new Collected(limit, true), Collected::add)
                .map(Collected::bytes)
                .timeout(settings.timeouts().firstByte(), tooSlow("body"));
    }

    /** As much of a refusal as is worth reading; the rest is not waited for. */
    private Mono<byte[]> beginning(TransportResponse response) {
        Collected collected = new Collected(REFUSAL_LIMIT_BYTES, false);
        return response.body()
                .doOnNext(collected::add)
                .takeUntil(buffers -> collected.full())
                .then(Mono.fromSupplier(collected::bytes))
                .timeout(settings.timeouts().firstByte(), Mono.fromSupplier(collected::bytes))
                .onErrorResume(cut -> Mono.fromSupplier(collected::bytes));
    }

    private <T> Mono<T> tooSlow(String part) {
        Duration waited = settings.timeouts().firstByte();
        return Mono.error(() -> new TimeoutException("no " + part + " within " + waited));
    }
}
