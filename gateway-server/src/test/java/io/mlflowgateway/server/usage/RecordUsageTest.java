package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Route;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class RecordUsageTest {
    private final RecordUsage stage = new RecordUsage();

    private static Call call(boolean streams) {
        Route route = Calls.route("chat", Optional.empty());
        Call call = Calls.of(route);
        Query query = new Query(Task.CHAT, call.query().body(), streams, false, Query.TemperatureRange.ZERO_TO_TWO);
        return new Call(call.id(), call.principal(), route, query, call.deadline(), call.notes());
    }

    private static Piece piece(Optional<Usage> usage) {
        return new Piece("{}".getBytes(StandardCharsets.UTF_8), usage, false);
    }

    private Flux<Piece> pieces(Call call, Flux<Piece> source) {
        Reply reply = Await.value(stage.handle(call, passed -> Mono.just(new Reply.Streamed(source))));
        return ((Reply.Streamed) reply).pieces();
    }

    @Test
    void a_whole_replys_tokens_and_beginning_are_noted() {
        Call call = call(false);
        Reply whole = new Reply.Whole(Calls.body("{}"), new Usage(3, 4));

        Reply passed = Await.value(stage.handle(call, next -> Mono.just(whole)));

        assertThat(passed).isSameAs(whole);
        assertThat(call.notes().usage()).isEqualTo(new Usage(3, 4));
        assertThat(call.notes().timeToFirstPiece()).isPresent();
    }

    @Test
    void a_streams_tokens_are_those_counted_last() {
        Call call = call(true);
        Flux<Piece> source = Flux.just(
                piece(Optional.empty()), piece(Optional.of(new Usage(3, 1))), piece(Optional.of(new Usage(3, 9))));

        List<Piece> passed = Await.all(pieces(call, source));

        assertThat(passed).hasSize(3);
        assertThat(call.notes().usage()).isEqualTo(new Usage(3, 9));
    }

    @Test
    void a_stream_begins_with_its_first_piece_and_not_with_its_head() {
        Call call = call(true);
        TestPublisher<Piece> source = TestPublisher.create();
        Flux<Piece> passed = pieces(call, source.flux());
        assertThat(call.notes().timeToFirstPiece()).isEmpty();

        StepVerifier.create(passed)
                .then(() -> source.next(piece(Optional.empty())))
                .expectNextCount(1)
                .then(() -> assertThat(call.notes().timeToFirstPiece()).isPresent())
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void a_cancelled_stream_keeps_what_was_counted_so_far() {
        Call call = call(true);
        TestPublisher<Piece> source = TestPublisher.create();

        StepVerifier.create(pieces(call, source.flux()))
                .then(() -> source.next(piece(Optional.of(new Usage(5, 2)))))
                .expectNextCount(1)
                .thenCancel()
                .verify();

        source.assertCancelled();
        assertThat(call.notes().usage()).isEqualTo(new Usage(5, 2));
    }

    @Test
    void a_stream_that_breaks_keeps_what_was_counted_so_far() {
        Call call = call(true);
        Failure broken = Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "gone");
        Flux<Piece> source = Flux.concat(Flux.just(piece(Optional.of(new Usage(5, 2)))), Flux.error(broken));

        StepVerifier.create(pieces(call, source)).expectNextCount(1).verifyErrorMatches(broken::equals);

        assertThat(call.notes().usage()).isEqualTo(new Usage(5, 2));
    }

    @Test
    void a_refused_call_has_used_nothing_and_never_began() {
        Call call = call(true);
        Failure refusal = Failure.of(Failure.Kind.RATE_LIMITED, "slow down");

        assertThat(Await.failure(stage.handle(call, next -> Mono.error(refusal))))
                .isSameAs(refusal);

        assertThat(call.notes().usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(call.notes().timeToFirstPiece()).isEmpty();
    }
}
