package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Calls;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class LeaseTest {
    private final AtomicInteger givenBack = new AtomicInteger();
    private final Lease lease = new Lease(givenBack::incrementAndGet);
    private final Sinks.Many<Piece> pieces = Sinks.many().unicast().onBackpressureBuffer();

    @Test
    void a_whole_reply_gives_it_back_at_once() {
        StepVerifier.create(lease.heldFor(Mono.just(Calls.ANSWER)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(givenBack).hasValue(1);
    }

    @Test
    void a_streamed_reply_keeps_it_until_the_last_piece() {
        Flux<Piece> out = streamed();
        Disposable reader = out.subscribe();
        pieces.tryEmitNext(piece()).orThrow();

        assertThat(givenBack).hasValue(0);

        pieces.tryEmitComplete().orThrow();
        reader.dispose();
        assertThat(givenBack).hasValue(1);
    }

    @Test
    void a_caller_that_leaves_mid_stream_gives_it_back_once() {
        Mono<Reply> held = lease.heldFor(Mono.just(new Reply.Streamed(pieces.asFlux())));
        // As a caller of both layers in one chain would: its cancel reaches the Mono again while the stream runs.
        Disposable reader =
                held.flatMapMany(reply -> ((Reply.Streamed) reply).pieces()).subscribe();
        pieces.tryEmitNext(piece()).orThrow();

        reader.dispose();

        assertThat(givenBack).hasValue(1);
    }

    @Test
    void a_failure_gives_it_back() {
        Mono<Reply> held = lease.heldFor(Mono.error(Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, "late")));

        StepVerifier.create(held).verifyError(Failure.class);

        assertThat(givenBack).hasValue(1);
    }

    @Test
    void a_stream_that_fails_gives_it_back() {
        Flux<Piece> out = streamed();
        pieces.tryEmitError(new IllegalStateException("cut")).orThrow();

        StepVerifier.create(out).verifyError();

        assertThat(givenBack).hasValue(1);
    }

    @Test
    void a_caller_that_leaves_while_waiting_gives_it_back() {
        lease.heldFor(Mono.never()).subscribe().dispose();

        assertThat(givenBack).hasValue(1);
    }

    private Flux<Piece> streamed() {
        Reply reply = lease.heldFor(Mono.just((Reply) new Reply.Streamed(pieces.asFlux())))
                .blockOptional()
                .orElseThrow();
        return ((Reply.Streamed) reply).pieces();
    }

    private static Piece piece() {
        return new Piece(new byte[0], Optional.empty(), false);
    }
}
