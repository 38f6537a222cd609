package io.mlflowgateway.langchain4j.internal;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayTimeoutException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Calls one gateway: repeats what failed and may pass, keeps the total time, and remembers which generation of the API
 * the server speaks. Safe for use by many threads. Nothing happens before someone subscribes.
 */
public final class GatewayConnection implements AutoCloseable {

    private final ConnectionSettings settings;
    private final Transport transport;
    private final Attempts attempts;
    private final Mono<WireShape> shape;
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Connects nowhere yet.
     *
     * @param settings how the gateway is reached
     * @param transport closed with this connection
     */
    public GatewayConnection(ConnectionSettings settings, Transport transport) {
        this.settings = settings;
        this.transport = transport;
        this.attempts = new Attempts(settings, transport);
        this.shape = settings.shape().map(Mono::just).orElseGet(() -> new ShapeDetection(this).once());
    }

    /** {@return which API is spoken, if that is set and need not be asked} */
    public Optional<WireShape> knownShape() {
        return settings.shape();
    }

    /** {@return where the gateway is} */
    public BaseUrl baseUrl() {
        return settings.baseUrl();
    }

    /**
     * Fetches something.
     *
     * @param path below the base URL
     * @return the answer
     */
    public Mono<WholeAnswer> get(String path) {
        return whole(Invocation.get(path));
    }

    /**
     * Calls a route and waits for the whole answer.
     *
     * @param call which route
     * @param body made for the generation of the API that is spoken
     * @return the answer
     */
    public Mono<WholeAnswer> post(RouteCall call, RouteBody body) {
        return inShape(call, (spoken, begun) -> whole(Invocation.post(spoken, body.bytes(spoken), false, begun)))
                .next();
    }

    /** Goes on with a call once it is known what the server speaks; finding that out is part of the call's time. */
    <T> Flux<T> inShape(RouteCall call, BiFunction<WireShape, RouteCall, Publisher<T>> next) {
        return Flux.defer(() -> {
            Deadline deadline = call.deadline().orElseGet(this::deadline);
            RouteCall begun = call.until(deadline);
            return CutOff.of(shape.flux(), givenUp(Optional.of(call.route()), new Course(settings, deadline)))
                    .next()
                    .flatMapMany(spoken -> next.apply(spoken, begun));
        });
    }

    <T> Flux<T> stream(WireShape spoken, RouteCall call, byte[] body, StreamReader<T> reader) {
        Invocation invocation = Invocation.post(spoken, body, true, call);
        return Flux.defer(() -> {
            Course course = new Course(settings, invocation.deadline().orElseGet(this::deadline));
            Flux<T> tries = Flux.defer(() -> attempts.stream(invocation, course, reader))
                    .doOnNext(piece -> course.handsOut())
                    .retryWhen(course.retries());
            return CutOff.of(tries, givenUp(invocation.route(), course));
        });
    }

    private Mono<WholeAnswer> whole(Invocation call) {
        return Mono.defer(() -> {
            Course course = new Course(settings, call.deadline().orElseGet(this::deadline));
            Mono<WholeAnswer> tries =
                    Mono.defer(() -> attempts.whole(call, course)).retryWhen(course.retries());
            return CutOff.of(tries.flux(), givenUp(call.route(), course)).next();
        });
    }

    private Mono<Throwable> givenUp(Optional<String> route, Course course) {
        Mono<Throwable> late =
                Mono.delay(course.deadline().left()).map(over -> tooLate(route, course.deadline(), course.attempt()));
        return Mono.firstWithSignal(
                closing.asMono().then(Mono.fromSupplier(() -> closed(route, course.attempt()))), late);
    }

    private GatewayTimeoutException tooLate(Optional<String> route, Deadline deadline, int attempt) {
        String where = route.map(name -> "route '" + name + "' at ").orElse("") + settings.baseUrl();
        return new GatewayTimeoutException(
                "Calling " + where + " took longer than " + deadline.total() + " altogether",
                FailureDetails.unanswered(route, attempt),
                null);
    }

    private GatewayConnectionException closed(Optional<String> route, int attempt) {
        return new GatewayConnectionException(
                "The client for " + settings.baseUrl() + " is closed", FailureDetails.unanswered(route, attempt), null);
    }

    private Deadline deadline() {
        return Deadline.in(settings.timeouts().total());
    }

    /** Fails the calls under way and all later ones, and lets go of the transport's connections. */
    @Override
    public void close() {
        // Closed by two at once, one of them would be told that the other is at it.
        if (!closed.getAndSet(true)) {
            closing.emitEmpty(FAIL_FAST);
            transport.close();
        }
    }

    /** The address only. */
    @Override
    public String toString() {
        return "GatewayConnection{" + settings.baseUrl() + "}";
    }
}
