package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class SplitTextsTest {
    private final List<String> sent = new ArrayList<>();

    private static Query query(String body) {
        return ProviderContract.query(Task.EMBEDDINGS, body, false);
    }

    private static Query texts(int count) {
        String list = IntStream.range(0, count).mapToObj(i -> "\"t" + i + '"').collect(Collectors.joining(","));
        return query("{\"input\":[" + list + "],\"user\":\"u\"}");
    }

    private static List<SplitTexts.Part> cut(Query query, int most) {
        Member input = query.body().member("input").orElseThrow();
        return SplitTexts.cut(query, input, most, 0);
    }

    private static List<String> inputs(List<SplitTexts.Part> parts) {
        return parts.stream()
                .map(part -> ProviderContract.json(part.query().body().bytes())
                        .path("input")
                        .toString())
                .toList();
    }

    /** Answers each text with a vector that begins with its length. */
    private Mono<Reply> answered(Query query) {
        return Mono.fromSupplier(() -> {
            var body = ProviderContract.json(query.body().bytes());
            sent.add(body.path("input").toString());
            return Vectors.reply(
                    ProviderContract.json(body.path("input").toString().replaceAll("\"t?(\\d+)\"", "[$1]")),
                    new Usage(body.path("input").size(), 0),
                    query,
                    "m");
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 1", "5, 2", "8, 2", "9, 3", "2048, 512"})
    void texts_are_cut_into_as_few_parts_as_they_go_in(int texts, int calls) {
        Await.value(SplitTexts.ask(texts(texts), 4, 0, this::answered));

        assertThat(sent).hasSize(calls);
    }

    @Test
    void the_parts_hold_every_text_in_its_order_and_all_else_the_caller_said() {
        Query query = query("{\"user\":\"u\", \"input\": [ \"a\" , \"b,\\\"]\",\n\"\\u00e9\" ], \"dimensions\":2}");

        List<SplitTexts.Part> parts = cut(query, 2);

        assertThat(inputs(parts)).containsExactly("[\"a\",\"b,\\\"]\"]", "[\"é\"]");
        assertThat(parts).extracting(SplitTexts.Part::texts).containsExactly(2, 1);
        assertThat(parts)
                .allSatisfy(part -> assertThat(
                                ProviderContract.json(part.query().body().bytes())
                                        .fieldNames())
                        .toIterable()
                        .containsExactly("user", "input", "dimensions"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"one\"", "[]", "[1,2,3,4,5,6,7,8]", "null", "{\"a\":[1,2,3]}", "[\"a\",\"b\"]"})
    void what_is_no_long_list_of_texts_goes_out_as_it_came(String input) {
        Query query = query("{\"input\":" + input + "}");
        List<Query> asked = new ArrayList<>();

        Mono<Reply> reply = SplitTexts.ask(query, 2, 0, part -> {
            asked.add(part);
            return Mono.empty();
        });

        assertThat(reply).isNotNull();
        assertThat(asked).containsExactly(query);
    }

    @Test
    void several_lists_of_tokens_are_cut_like_texts() {
        assertThat(inputs(cut(query("{\"input\":[[1,2],[3],[4,5,6]]}"), 2)))
                .containsExactly("[[1,2],[3]]", "[[4,5,6]]");
    }

    @Test
    void texts_past_the_bound_are_refused_before_anything_is_made_ready() {
        AtomicInteger made = new AtomicInteger();
        Function<Query, Mono<Reply>> counting = part -> {
            made.incrementAndGet();
            return Mono.empty();
        };

        Failure failure = ProviderContract.failureOf(() -> Await.value(SplitTexts.ask(texts(2_049), 96, 0, counting)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
        assertThat(failure.getMessage()).contains("2048");
        assertThat(made).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"20000000, 0", "10, 20000000"})
    void what_stands_beside_the_texts_is_not_multiplied_without_bound(int own, int added) {
        AtomicInteger made = new AtomicInteger();
        Query query = query("{\"normalize\":\"" + "x".repeat(own) + "\",\"input\":[\"a\",\"b\"]}");

        Failure failure = ProviderContract.failureOf(() -> SplitTexts.ask(query, 1, added, part -> {
            made.incrementAndGet();
            return Mono.empty();
        }));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UNPROCESSABLE);
        assertThat(failure.getMessage()).contains("2 calls");
        assertThat(made).hasValue(0);
    }

    @Test
    void a_provider_without_a_bound_is_asked_for_any_number_at_once() {
        Await.value(SplitTexts.ask(texts(3_000), Integer.MAX_VALUE, 0, this::answered));

        assertThat(sent).hasSize(1);
    }

    @Test
    void a_part_that_cannot_be_said_is_found_before_the_first_is_sent() {
        Failure refused = Failure.of(Failure.Kind.UNPROCESSABLE, "no");
        AtomicInteger made = new AtomicInteger();

        Failure failure = ProviderContract.failureOf(() -> SplitTexts.ask(texts(9), 3, 0, part -> {
            if (made.incrementAndGet() == 3) {
                throw refused;
            }
            return answered(part);
        }));

        assertThat(failure).isSameAs(refused);
        assertThat(sent).isEmpty();
    }

    @Test
    void four_parts_are_under_way_at_once_and_the_next_when_one_is_answered() {
        List<Sinks.One<Reply>> open = new ArrayList<>();
        List<Query> queries = new ArrayList<>();
        Mono<Reply> reply = SplitTexts.ask(
                texts(12),
                2,
                0,
                part -> Mono.defer(() -> {
                    Sinks.One<Reply> sink = Sinks.one();
                    open.add(sink);
                    queries.add(part);
                    return sink.asMono();
                }));

        List<Reply> got = new ArrayList<>();
        Disposable running = reply.subscribe(got::add);
        int atFirst = open.size();
        // The last of them is answered first: order is that of the texts, not of the answers.
        for (int i : new int[] {3, 2, 1, 0, 5, 4}) {
            open.get(i).tryEmitValue(Await.value(answered(queries.get(i)))).orThrow();
        }

        assertThat(atFirst).isEqualTo(4);
        assertThat(running.isDisposed()).isTrue();
        assertThat(got).hasSize(1);
        var data =
                ProviderContract.json(((Reply.Whole) got.get(0)).body().bytes()).path("data");
        assertThat(data).hasSize(12);
        for (int i = 0; i < 12; i++) {
            assertThat(data.path(i).path("index").asInt()).isEqualTo(i);
            assertThat(data.path(i).path("embedding").path(0).asInt()).isEqualTo(i);
        }
    }

    @Test
    void the_first_failure_is_that_of_all_and_ends_the_others() {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        Failure refused = Failure.upstream(429, "slow down").retryAfter("7");

        Failure failure = Await.failure(SplitTexts.ask(
                texts(20),
                2,
                0,
                part -> Mono.defer(() -> begun.incrementAndGet() == 3
                        ? Mono.error(refused)
                        : Mono.<Reply>never().doOnCancel(cancelled::incrementAndGet))));

        assertThat(failure).isSameAs(refused);
        assertThat(begun.get()).isLessThanOrEqualTo(SplitTexts.AT_ONCE);
        assertThat(cancelled.get()).isEqualTo(begun.get() - 1);
    }

    @Test
    void a_caller_who_leaves_ends_all_that_are_under_way() {
        AtomicInteger cancelled = new AtomicInteger();

        SplitTexts.ask(texts(20), 2, 0, part -> Mono.<Reply>never().doOnCancel(cancelled::incrementAndGet))
                .subscribe()
                .dispose();

        assertThat(cancelled).hasValue(SplitTexts.AT_ONCE);
    }
}
