package io.mlflowgateway.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Every surface, streamed and not: one pipeline, one upstream call, one form of stream. */
class StreamsTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
    private static final String CHUNK = "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0}]}";
    private static final String USAGE = "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}";
    private static final Piece PIECE = new Piece(CHUNK.getBytes(UTF_8), Optional.empty(), false);
    private static final Piece USAGE_PIECE = new Piece(USAGE.getBytes(UTF_8), Optional.empty(), true);

    private final AtomicInteger asked = new AtomicInteger();
    private final TestSurfaces surfaces = new TestSurfaces().answering(this::usual);

    private Mono<Reply> usual(Call call) {
        asked.incrementAndGet();
        return Mono.just(
                call.query().streams()
                        ? new Reply.Streamed(Flux.just(PIECE, PIECE, USAGE_PIECE))
                        : TestSurfaces.whole(TestSurfaces.CHAT_ANSWER));
    }

    static List<Arguments> surfaces() {
        List<Arguments> all = new ArrayList<>();
        for (String route : List.of("chat", "old-chat", "both")) {
            all.add(Arguments.of("/gateway/" + route + "/invocations", MESSAGES));
            all.add(Arguments.of("/endpoints/" + route + "/invocations", MESSAGES));
            all.add(Arguments.of("/v1/chat/completions", "\"model\":\"" + route + "\"," + MESSAGES));
        }
        for (String route : List.of("completions", "old-completions")) {
            all.add(Arguments.of("/gateway/" + route + "/invocations", "\"prompt\":\"x\""));
            all.add(Arguments.of("/endpoints/" + route + "/invocations", "\"prompt\":\"x\""));
            all.add(Arguments.of("/v1/completions", "\"model\":\"" + route + "\",\"prompt\":\"x\""));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void every_call_goes_through_the_pipeline_once(String path, String members) {
        for (String stream : List.of("", ",\"stream\":false", ",\"stream\":null", ",\"stream\":true")) {
            surfaces.calls.clear();
            asked.set(0);

            Answer answer = surfaces.post(path, "{" + members + stream + "}").answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer instanceof Answer.Events).isEqualTo(stream.endsWith("true"));
            assertThat(surfaces.calls).hasSize(1);
            assertThat(surfaces.lastCall().id()).isEqualTo("req-1");
            assertThat(asked).hasValue(1);
        }
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_stream_is_openais_and_ends_with_done(String path, String members) {
        TestSurfaces.Said said = surfaces.post(path, "{" + members + ",\"stream\":true}");

        assertThat(said.answer().headers())
                .containsEntry("content-type", "text/event-stream; charset=utf-8")
                .containsEntry("cache-control", "no-cache")
                .containsEntry("x-accel-buffering", "no");
        assertThat(said.events()).containsExactly(CHUNK, CHUNK, "[DONE]");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void the_usage_chunk_is_shown_to_those_who_ask(String path, String members) {
        String stream = "{" + members + ",\"stream\":true,\"stream_options\":{\"x\":{\"y\":[]},\"include_usage\":";

        assertThat(surfaces.post(path, stream + "true}}").events()).containsExactly(CHUNK, CHUNK, USAGE, "[DONE]");
        assertThat(surfaces.post(path, stream + "false}}").events()).containsExactly(CHUNK, CHUNK, "[DONE]");
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_broken_stream_never_says_done(String path, String members) {
        Failure cut = Failure.of(Failure.Kind.UPSTREAM_UNREACHABLE, "the provider's stream was cut");
        surfaces.answering(call -> Mono.just(new Reply.Streamed(Flux.just(PIECE).concatWith(Mono.error(cut)))));

        StepVerifier.create(stream(path, members).data().map(data -> new String(data, UTF_8)))
                .expectNext(CHUNK)
                .verifyErrorSatisfies(error -> assertThat(error).isSameAs(cut));
    }

    @ParameterizedTest
    @MethodSource("surfaces")
    void a_stream_refused_before_it_began_keeps_its_status(String path, String members) {
        surfaces.failing(Failure.upstream(429, "slow down").retryAfter("7"));

        TestSurfaces.Said said = surfaces.post(path, "{" + members + ",\"stream\":true}");

        assertThat(said.status()).isEqualTo(429);
        assertThat(said.header("retry-after")).isEqualTo("7");
        assertThat(said.header("x-gateway-error-source")).isEqualTo("upstream");
    }

    @Test
    void leaving_a_stream_cancels_the_reply_once() {
        AtomicInteger cancelled = new AtomicInteger();
        surfaces.answering(call -> Mono.just(
                new Reply.Streamed(Flux.just(PIECE).concatWith(Flux.never()).doOnCancel(cancelled::incrementAndGet))));

        StepVerifier.create(stream("/endpoints/chat/invocations", MESSAGES).data())
                .expectNextCount(1)
                .thenCancel()
                .verify();

        assertThat(cancelled).hasValue(1);
    }

    @Test
    void no_more_pieces_are_made_than_the_reader_takes() {
        AtomicInteger made = new AtomicInteger();
        Flux<Piece> endless = Flux.generate(sink -> {
            made.incrementAndGet();
            sink.next(PIECE);
        });
        surfaces.answering(call -> Mono.just(new Reply.Streamed(endless)));

        StepVerifier.create(stream("/endpoints/chat/invocations", MESSAGES).data(), 3)
                .expectNextCount(3)
                .thenCancel()
                .verify();

        assertThat(made).hasValue(3);
    }

    @Test
    void the_event_of_a_failure_is_openais_error_on_one_line_everywhere() {
        Failure failure = Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, "line one\nline two");

        for (String path : List.of("/gateway/chat/invocations", "/v1/chat/completions")) {
            byte[] event = surfaces.surfaces.failureEvent(TestSurfaces.head("POST", path, Map.of()), failure);

            assertThat(new String(event, UTF_8)).doesNotContain("\n");
            assertThat(Fixture.tree(event).at("/error/type").textValue()).isEqualTo("server_error");
            assertThat(Fixture.tree(event).at("/error/code").textValue()).isEqualTo("upstream_timeout");
            assertThat(Fixture.tree(event).at("/error/request_id").textValue()).isEqualTo("req-1");
        }
    }

    private Answer.Events stream(String path, String members) {
        return (Answer.Events)
                surfaces.post(path, "{" + members + ",\"stream\":true}").answer();
    }
}
