package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.testing.Await;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class WholeBodyTest {
    private final AnswerMemory memory = new AnswerMemory(new MemoryCap(4 << 20));
    private final AnswerMemory.Share share = memory.share();

    private Mono<byte[]> read(Flux<ByteBuf> source, int limit) {
        return new WholeBody(source, limit, share);
    }

    @RepeatedTest(30)
    void however_it_is_cut_it_is_the_same(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        byte[] whole = new byte[random.nextInt(1 << random.nextInt(1, 21))];
        random.nextBytes(whole);
        List<ByteBuf> parts = new ArrayList<>();
        int at = 0;
        while (at < whole.length) {
            int next = Math.min(whole.length, at + random.nextInt(1 << random.nextInt(1, 19)));
            parts.add(Unpooled.wrappedBuffer(whole, at, next - at));
            at = next;
        }

        byte[] read = Await.value(read(Flux.fromIterable(parts), whole.length));

        assertThat(read).isEqualTo(whole);
        assertThat(memory.held()).isEqualTo(whole.length > AnswerMemory.UNCOUNTED ? whole.length : 0);
    }

    @Test
    void nothing_at_all_is_an_empty_body() {
        assertThat(Await.value(read(Flux.empty(), 10))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8192})
    void one_byte_past_the_limit_is_too_much_and_the_source_is_left(int part) {
        List<Boolean> left = new ArrayList<>();
        Flux<ByteBuf> endless = Flux.<ByteBuf>generate(sink -> sink.next(Unpooled.wrappedBuffer(new byte[part])))
                .doOnCancel(() -> left.add(true));

        Failure failure = Await.failure(read(endless, 100_000));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(left).containsExactly(true);
        assertThat(memory.held()).isLessThanOrEqualTo(200_000);
    }

    @Test
    void what_all_answers_hold_together_is_the_end_of_this_one() {
        AnswerMemory.Share other = memory.share();
        other.hold(4 << 20);
        byte[] large = new byte[1 << 20];
        Arrays.fill(large, (byte) 'x');

        Failure failure = Await.failure(read(Flux.just(Unpooled.wrappedBuffer(large)), 2 << 20));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    }

    @Test
    void many_small_reads_make_few_arrays() {
        int bytes = 1 << 20;
        Flux<ByteBuf> single = Flux.range(0, bytes).map(i -> Unpooled.wrappedBuffer(new byte[] {(byte) (int) i}));
        List<Long> held = new ArrayList<>();

        byte[] read = Await.value(read(single.doOnNext(part -> held.add(memory.held())), bytes));

        assertThat(read).hasSize(bytes);
        assertThat(held.stream().distinct().count()).isLessThan(25);
        assertThat(held).allMatch(most -> most <= bytes * 3L / 2);
    }
}
