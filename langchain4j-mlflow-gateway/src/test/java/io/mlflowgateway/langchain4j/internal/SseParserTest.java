package io.mlflowgateway.langchain4j.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseParserTest {

    private static final String STREAM = "\uFEFF: hello\r\ndata: {\"t\":\"日本語\"}\n\nevent: error\rdata: Привет\r\r"
            + "id: 7\ndata: a\r\ndata:b\r\n\r\ndata: 🙂\u2028still one line\u0085\u2029\n\ndata\n\nretry: 10\n\n"
            + "data: [DONE]\n\n";
    private static final List<SseEvent> EVENTS = List.of(
            new SseEvent("message", "{\"t\":\"日本語\"}"),
            new SseEvent("error", "Привет"),
            new SseEvent("message", "a\nb"),
            new SseEvent("message", "🙂\u2028still one line\u0085\u2029"),
            new SseEvent("message", ""),
            new SseEvent("message", "[DONE]"));

    @Test
    void every_cut_in_two_gives_the_same_events() {
        byte[] bytes = STREAM.getBytes(UTF_8);

        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(parse(List.of(part(bytes, 0, cut), part(bytes, cut, bytes.length))))
                    .as("cut at %s", cut)
                    .isEqualTo(EVENTS);
        }
    }

    @Test
    void a_stream_without_end_is_refused_in_time() {
        SseParser parser = new SseParser(100);
        List<ByteBuffer> event = List.of(ByteBuffer.wrap("data: 3456789012345678901234\n\n".getBytes(UTF_8)));

        for (int round = 0; round < 3; round++) {
            assertThat(parser.feed(event.stream().map(ByteBuffer::duplicate).toList()))
                    .hasSize(1);
        }

        assertThatThrownBy(() -> parser.feed(event)).hasMessage("the stream is larger than 100 bytes");
    }

    @Test
    void every_cut_in_three_gives_the_same_events() {
        byte[] bytes = STREAM.getBytes(UTF_8);

        for (int one = 0; one <= bytes.length; one++) {
            for (int two = one; two <= bytes.length; two++) {
                List<byte[]> parts =
                        List.of(part(bytes, 0, one), part(bytes, one, two), part(bytes, two, bytes.length));
                assertThat(parse(parts)).isEqualTo(EVENTS);
            }
        }
    }

    @Test
    void random_cuts_and_single_bytes_give_the_same_events() {
        byte[] bytes = STREAM.getBytes(UTF_8);
        Random random = new Random(42);

        for (int round = 0; round < 500; round++) {
            List<byte[]> parts = new ArrayList<>();
            int from = 0;
            while (from < bytes.length) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(round % 7 + 1));
                parts.add(part(bytes, from, to));
                from = to;
            }
            assertThat(parse(parts)).isEqualTo(EVENTS);
        }
    }

    @Test
    void what_stands_at_the_end_without_an_empty_line_is_an_event_too() {
        SseParser parser = new SseParser(Long.MAX_VALUE);

        List<SseEvent> events = new ArrayList<>(parser.feed(List.of(ByteBuffer.wrap("data: [DONE]".getBytes(UTF_8)))));
        events.addAll(parser.end());

        assertThat(events).containsExactly(new SseEvent("message", "[DONE]"));
    }

    @Test
    void an_event_without_bound_is_refused() {
        SseParser parser = new SseParser(Long.MAX_VALUE);
        byte[] megabyte = new byte[1024 * 1024];
        Arrays.fill(megabyte, (byte) 'x');

        assertThatThrownBy(() -> {
                    for (int count = 0; count < 20; count++) {
                        parser.feed(List.of(ByteBuffer.wrap(megabyte)));
                    }
                })
                .isInstanceOf(UnreadableAnswer.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void many_short_lines_of_one_event_are_bounded_as_well() {
        SseParser parser = new SseParser(Long.MAX_VALUE);
        byte[] lines = "data: xxxxxxxxxx\n".repeat(100_000).getBytes(UTF_8);

        assertThatThrownBy(() -> {
                    for (int count = 0; count < 20; count++) {
                        parser.feed(List.of(ByteBuffer.wrap(lines)));
                    }
                })
                .isInstanceOf(UnreadableAnswer.class);
    }

    private static List<SseEvent> parse(List<byte[]> parts) {
        SseParser parser = new SseParser(Long.MAX_VALUE);
        List<SseEvent> events = new ArrayList<>();
        parts.forEach(bytes -> events.addAll(parser.feed(List.of(ByteBuffer.wrap(bytes)))));
        events.addAll(parser.end());
        return events;
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
