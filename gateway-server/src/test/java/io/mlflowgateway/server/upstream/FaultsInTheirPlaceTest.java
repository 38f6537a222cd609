package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Faults come from the loop of a connection, which need not be the one where the caller leaves. */
class FaultsInTheirPlaceTest extends UpstreamFixture {
    private static final Place PLACE = Place.of(URI.create("http://upstream.test"));

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Transport transport = new Transport(loops);
    private final Pool pool = new Pool(Pool.Way.of(Optional.empty(), settings(LONG, LONG, 1)), PLACE, transport);
    private final EventLoop home = transport.loops().get(0);

    @AfterEach
    void stop() {
        goOn.countDown();
        transport.close();
    }

    @Test
    void a_fault_is_handed_on_at_home() {
        Caller<UpstreamResponse> caller = new Caller<>();

        exchange(caller).broke(new IOException("reset"));

        finishAtHome();
        assertThat(caller.fault.get())
                .isInstanceOfSatisfying(
                        Failure.class, fault -> assertThat(fault.getCause()).hasMessage("reset"));
        assertThat(caller.wasAtHome).isTrue();
    }

    @Test
    void a_caller_that_leaves_before_its_fault_is_handed_on_never_hears_of_it() {
        Caller<UpstreamResponse> caller = new Caller<>();
        Exchange exchange = exchange(caller);
        leavesInAMoment(caller);

        exchange.broke(new IOException("reset"));

        finishAtHome();
        assertThat(caller.fault.get()).isNull();
    }

    @Test
    void a_caller_that_leaves_a_stream_before_its_fault_is_handed_on_never_hears_of_it() {
        Caller<UpstreamResponse> first = new Caller<>();
        Exchange exchange = exchange(first);
        Caller<SseEvent> reader = new Caller<>();
        home.submit(() -> beginStream(exchange, first, reader)).syncUninterruptibly();
        leavesInAMoment(reader);

        exchange.broke(new IOException("reset"));

        finishAtHome();
        assertThat(reader.fault.get()).isNull();
    }

    @Test
    void the_first_to_come_is_what_counts() {
        Caller<UpstreamResponse> caller = new Caller<>();
        Exchange exchange = exchange(caller);

        exchange.noneFree();
        exchange.broke(new IOException("later"));
        exchange.head(streamHead());
        exchange.body(Unpooled.EMPTY_BUFFER);
        exchange.ended();

        finishAtHome();
        assertThat(caller.faults).isEqualTo(1);
        assertThat(((Failure) Objects.requireNonNull(caller.fault.get())).kind())
                .isEqualTo(Failure.Kind.UNAVAILABLE);
        assertThat(caller.value.get()).isNull();
    }

    private Exchange exchange(Caller<UpstreamResponse> caller) {
        Exchange exchange = new Exchange(
                stream("http://upstream.test/"),
                new Endpoints.Endpoint(pool, new Requests(PLACE, "/")),
                settings(LONG, LONG, 1),
                soon(),
                new AnswerMemory(new MemoryCap(1_000)).share(),
                caller,
                home);
        caller.onSubscribe(exchange);
        return exchange;
    }

    private static void beginStream(Exchange exchange, Caller<UpstreamResponse> first, Caller<SseEvent> reader) {
        exchange.head(streamHead());
        eventsOf(Objects.requireNonNull(first.value.get())).subscribe(reader);
    }

    private static HttpResponse streamHead() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        return head;
    }

    /** Home is busy, and what it does next is that the caller leaves. */
    private void leavesInAMoment(Caller<?> caller) {
        home.execute(this::keepBusy);
        home.execute(caller::dispose);
    }

    /** A loop must not wait, so it counts. */
    private void keepBusy() {
        long turns = 0;
        while (goOn.getCount() > 0) {
            turns++;
        }
        assertThat(turns).isNotNegative();
    }

    private void finishAtHome() {
        goOn.countDown();
        home.submit(() -> {}).syncUninterruptibly();
    }

    private final class Caller<T> extends BaseSubscriber<T> {
        final AtomicReference<@Nullable T> value = new AtomicReference<>();
        final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        volatile int faults;
        volatile boolean wasAtHome;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Asking for anything would send.
        }

        @Override
        protected void hookOnNext(T given) {
            value.set(given);
        }

        @Override
        protected void hookOnError(Throwable thrown) {
            faults++;
            fault.set(thrown);
            wasAtHome = home.inEventLoop();
        }
    }
}
