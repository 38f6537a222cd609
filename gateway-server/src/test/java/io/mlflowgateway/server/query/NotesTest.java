package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Calls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class NotesTest {
    private final Notes notes = new Notes("id-1", "POST", "/endpoints/chat/invocations", Duration.ofSeconds(10));

    @Test
    void a_route_with_a_time_of_its_own_moves_the_deadline_both_ways_counted_from_the_beginning() {
        notes.asks(route(Optional.of(Duration.ofHours(1))));

        assertThat(notes.deadline().nanos() - notes.beganNanos())
                .isEqualTo(Duration.ofHours(1).toNanos());

        notes.asks(route(Optional.of(Duration.ofMillis(5))));

        assertThat(notes.deadline().nanos() - notes.beganNanos())
                .isEqualTo(Duration.ofMillis(5).toNanos());
    }

    @Test
    void a_route_without_one_leaves_it() {
        notes.asks(route(Optional.empty()));

        assertThat(notes.deadline().nanos() - notes.beganNanos())
                .isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(notes.route()).map(Route::name).contains("chat");
    }

    @Test
    void nothing_is_known_of_an_exchange_that_has_just_begun() {
        assertThat(notes.route()).isEmpty();
        assertThat(notes.target()).isEmpty();
        assertThat(notes.attempts()).isZero();
        assertThat(notes.usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(notes.timeToFirstPiece()).isEmpty();
        assertThat(notes.configVersion()).isEmpty();
        assertThat(notes.limitState()).isEmpty();
    }

    @Test
    void attempts_are_counted_and_the_last_target_stands() {
        notes.tries(new Notes.Target("openai/a", "openai", "a"));
        notes.tries(new Notes.Target("openai/b", "openai", "b"));

        assertThat(notes.attempts()).isEqualTo(2);
        assertThat(notes.target()).contains(new Notes.Target("openai/b", "openai", "b"));
    }

    @Test
    void what_was_left_out_is_what_the_target_was_asked_without_that_answers() {
        Notes.Target slow = new Notes.Target("slow", "mistral", "a");
        Notes.Target fast = new Notes.Target("fast", "openai", "b");
        notes.tries(slow);
        notes.drops(slow, List.of("user"));

        assertThat(notes.dropped()).containsExactly("user");

        notes.tries(fast);

        assertThat(notes.dropped()).isEmpty();

        notes.answeredBy(slow);

        assertThat(notes.dropped()).containsExactly("user");
    }

    @Test
    void an_upstream_is_waited_for_from_when_it_was_asked_until_it_answered() throws InterruptedException {
        assertThat(notes.upstreamNanos()).isZero();

        notes.asksUpstream();
        new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        long meanwhile = notes.upstreamNanos();
        notes.answerBegins();
        long afterwards = notes.upstreamNanos();

        assertThat(meanwhile).isGreaterThan(4_000_000);
        assertThat(afterwards).isGreaterThanOrEqualTo(meanwhile).isEqualTo(notes.upstreamNanos());
    }

    @Test
    void only_the_first_piece_begins_the_answer() {
        notes.answerBegins();
        Optional<Duration> first = notes.timeToFirstPiece();
        notes.answerBegins();

        assertThat(first).isPresent();
        assertThat(notes.timeToFirstPiece()).isEqualTo(first);
    }

    @Test
    void what_an_exchange_holds_is_given_back_once_when_it_is_over() {
        AtomicInteger givenBack = new AtomicInteger();
        notes.holds(new Lease(givenBack::incrementAndGet));
        notes.holds(new Lease(givenBack::incrementAndGet));
        assertThat(givenBack).hasValue(0);

        notes.over();
        notes.over();

        assertThat(givenBack).hasValue(2);
    }

    @Test
    void an_exchange_that_is_over_holds_nothing_any_more() {
        AtomicInteger givenBack = new AtomicInteger();
        notes.over();

        notes.holds(new Lease(givenBack::incrementAndGet));

        assertThat(givenBack).hasValue(1);
    }

    private static Route route(Optional<Duration> total) {
        Route plain = Calls.route("chat", Optional.empty());
        return new Route() {
            @Override
            public String name() {
                return plain.name();
            }

            @Override
            public Task task() {
                return plain.task();
            }

            @Override
            public Optional<CallLimit> limit() {
                return plain.limit();
            }

            @Override
            public Optional<Duration> total() {
                return total;
            }

            @Override
            public Mono<Reply> answer(Call call) {
                return plain.answer(call);
            }
        };
    }
}
