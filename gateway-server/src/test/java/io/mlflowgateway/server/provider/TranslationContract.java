package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.provider.chat.ToolCall;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.Await;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/**
 * What a provider whose chat wire is not OpenAI's must hold to. Besides the files of {@link ProviderContract}: for each of
 * {@link #answers()} a pair {@code <name>-response.json} and {@code <name>.sse} that say the same, and
 * {@code error-stream.sse}, which breaks in the middle.
 */
abstract class TranslationContract extends ProviderContract {

    /** Names of answers there are whole and as a stream. */
    abstract Stream<String> answers();

    /** A whole answer of the provider with these calls and no text. */
    abstract String toolAnswer(List<ToolCall> calls);

    /** The same as a stream, the arguments in parts of this many characters. */
    abstract List<SseEvent> toolEvents(List<ToolCall> calls, int partLength);

    /** The status an {@code error-stream.sse} stands for. */
    abstract int statusOfErrorInStream();

    /** Whether a stream with all events up to here, and no more, is complete. */
    boolean isComplete(List<SseEvent> events, int count) {
        return count == events.size();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void a_stream_amounts_to_the_whole_answer(String name) {
        JsonNode whole =
                json(decode(Task.CHAT, fixture(name + "-response.json")).body().bytes());

        ObjectNode assembled = Assembled.of(Await.all(read(events(name + ".sse"))));

        assertThat(assembled).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void a_stream_that_closes_before_its_sign_of_the_end_is_a_failure(String name) {
        List<SseEvent> events = events(name + ".sse");
        for (int count = 0; count < events.size(); count++) {
            if (isComplete(events, count)) {
                continue;
            }
            Failure failure = Await.failure(read(events.subList(0, count)).then());

            assertThat(failure.kind()).as("after %d events", count).isEqualTo(Failure.Kind.UPSTREAM_UNREACHABLE);
        }
    }

    @Test
    void an_error_inside_a_stream_is_a_failure_behind_what_came_before() {
        List<Piece> before = new ArrayList<>();

        Failure failure = Await.failure(
                read(events("error-stream.sse")).doOnNext(before::add).then());

        assertThat(failure.status()).isEqualTo(statusOfErrorInStream());
        assertThat(before).isNotEmpty();
    }

    static Stream<Arguments> toolCalls() {
        List<String> arguments = List.of(
                "{}",
                "{\"city\":\"Zürich\"}",
                "{\"где\":\"Москва\",\"都市\":\"東京\",\"emoji\":\"\uD83D\uDE00\"}",
                "{\"separators\":\"\u2028\u2029\u0085\"}",
                "{\"deep\":{\"list\":[1,2.50,true,null,\"\\\"\\\\\"]}}",
                "{\"text\":\"" + "long ".repeat(20_000) + "\"}");
        List<Arguments> all = new ArrayList<>();
        for (int count : new int[] {1, 2, 6}) {
            for (int partLength : new int[] {1, 7, 1_000_000}) {
                List<ToolCall> calls = IntStream.range(0, count)
                        .mapToObj(i -> new ToolCall("call_" + i, "tool_" + i, arguments.get((i + partLength) % 6)))
                        .toList();
                all.add(arguments(calls, partLength));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("toolCalls")
    void tool_calls_are_the_same_whole_and_streamed(List<ToolCall> calls, int partLength) {
        JsonNode whole = json(decode(Task.CHAT, toolAnswer(calls)).body().bytes());
        List<Piece> pieces = Await.all(read(toolEvents(calls, Math.max(partLength, longest(calls) / 500))));

        assertThat(Assembled.of(pieces).path("choices")).isEqualTo(whole.path("choices"));
        JsonNode choice = whole.path("choices").path(0);
        assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(choice.at("/message/tool_calls")).hasSameSizeAs(calls);
        for (int i = 0; i < calls.size(); i++) {
            JsonNode call = choice.at("/message/tool_calls/" + i);
            assertThat(call.at("/function/name").asText())
                    .isEqualTo(calls.get(i).name());
            assertThat(json(call.at("/function/arguments").asText()))
                    .isEqualTo(json(calls.get(i).arguments()));
        }
    }

    private static int longest(List<ToolCall> calls) {
        return calls.stream().mapToInt(call -> call.arguments().length()).max().orElse(0);
    }

    final Flux<Piece> read(List<SseEvent> events) {
        return provider()
                .decodeStream(
                        query(Task.CHAT, fixture(Task.CHAT, "request.json"), true),
                        attempt(),
                        Flux.fromIterable(events));
    }

    /** A file's events, as the parser hands them over. */
    final List<SseEvent> events(String file) {
        return Stream.of(fixture(file).split("\n\n"))
                .filter(block -> !block.isBlank())
                .map(TranslationContract::event)
                .toList();
    }

    private static SseEvent event(String block) {
        String name = "";
        String data = "";
        for (String line : block.split("\n")) {
            name = line.startsWith("event: ") ? line.substring(7) : name;
            data = line.startsWith("data: ") ? line.substring(6) : data;
        }
        return event(name, data);
    }

    static SseEvent event(String name, String data) {
        return new SseEvent(name, data.getBytes(StandardCharsets.UTF_8));
    }

    /** The text in parts of so many characters, surrogates kept together. */
    static List<String> parts(String text, int length) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + length);
            if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
                end++;
            }
            parts.add(text.substring(at, end));
            at = end;
        }
        return parts;
    }
}
