package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.query.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {
    private static final String MIXED = "\uFEFF: hello\r\ndata: {\"text\":\"こんにちは、世界\"}\r\n\r\n"
            + "event: delta\ndata:{\"text\":\"Привет, мир\"}\nid: 7\nretry: 10\n\n"
            + "data: {\"text\":\r\ndata: \"two lines 👩‍👩‍👧🎉\"}\r\r"
            + "data: sep\u2028para\u2029next\u0085end\n\n"
            + ":\n\n"
            + "unknown\n\n"
            + "data\n\n"
            + "data:  two spaces\n\n"
            + "data: [DONE]\n\n";

    private static final List<String> MIXED_EVENTS = List.of(
            "|{\"text\":\"こんにちは、世界\"}",
            "delta|{\"text\":\"Привет, мир\"}",
            "|{\"text\":\n\"two lines 👩‍👩‍👧🎉\"}",
            "|sep\u2028para\u2029next\u0085end",
            "|",
            "| two spaces",
            "|[DONE]");

    @Test
    void every_framing_the_standard_allows_is_read() {
        List<String> events = parse(List.of(utf8(MIXED)));

        assertThat(events).isEqualTo(MIXED_EVENTS);
    }

    @Test
    void a_cut_at_any_place_changes_nothing() {
        byte[] stream = utf8(MIXED);

        for (int at = 0; at <= stream.length; at++) {
            List<String> events =
                    parse(List.of(Arrays.copyOf(stream, at), Arrays.copyOfRange(stream, at, stream.length)));

            assertThat(events).as("cut at %s", at).isEqualTo(MIXED_EVENTS);
        }
    }

    @Test
    void any_partition_gives_the_same_events() {
        byte[] stream = utf8(MIXED);
        Random random = new Random(20_240_607);

        for (int round = 0; round < 2_000; round++) {
            List<byte[]> chunks = partition(stream, random);

            assertThat(parse(chunks)).as("round %s", round).isEqualTo(MIXED_EVENTS);
        }
    }

    @Test
    void one_byte_at_a_time_gives_the_same_events() {
        List<byte[]> bytes = new ArrayList<>();
        for (byte b : utf8(MIXED)) {
            bytes.add(new byte[] {b});
        }

        assertThat(parse(bytes)).isEqualTo(MIXED_EVENTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: [DONE]", "data:[DONE]\n", "data: [DONE]\r", "data: [DONE]\r\n"})
    void the_terminal_word_needs_no_empty_line_at_the_end_of_the_stream(String tail) {
        List<String> events = parse(List.of(utf8("data: 1\n\n" + tail)));

        assertThat(events).containsExactly("|1", "|[DONE]");
    }

    @Test
    void any_other_event_without_its_empty_line_is_dropped_at_the_end() {
        List<String> events = parse(List.of(utf8("data: 1\n\ndata: {\"half\":true}\n")));

        assertThat(events).containsExactly("|1");
    }

    @Test
    void an_event_name_belongs_to_one_event_only() {
        List<String> events = parse(List.of(utf8("event: error\ndata: 1\n\ndata: 2\n\nevent: lost\n\ndata: 3\n\n")));

        assertThat(events).containsExactly("error|1", "|2", "|3");
    }

    @Test
    void a_byte_order_mark_is_text_anywhere_but_at_the_start() {
        List<String> events = parse(List.of(utf8("data: 1\n\n\uFEFFdata: 2\n\ndata: \uFEFF3\n\n")));

        assertThat(events).containsExactly("|1", "|\uFEFF3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1000})
    void events_before_an_oversized_one_come_through_however_the_bytes_are_split(int chunkSize) {
        byte[] stream = utf8("data: small\n\ndata: " + "x".repeat(200) + "\n\ndata: never\n\n");
        SseParser parser = new SseParser(100);
        List<SseEvent> events = new ArrayList<>();

        Failure failure = catchThrowableOfType(Failure.class, () -> {
            for (int at = 0; at < stream.length; at += chunkSize) {
                parser.feed(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + chunkSize)), events::add);
            }
        });

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(events).extracting(SseParserTest::text).containsExactly("|small");
    }

    @Test
    void many_short_data_lines_of_one_event_count_together() {
        SseParser parser = new SseParser(100);

        Failure failure =
                catchThrowableOfType(Failure.class, () -> parser.feed(utf8("data: 12345\n".repeat(100)), event -> {}));

        assertThat(failure.getMessage()).contains("100 bytes");
    }

    @Test
    void an_event_of_very_many_short_lines_is_read_in_a_time_that_grows_with_its_bytes() {
        int lines = 2_000_000;
        byte[] stream = utf8("data:\n".repeat(lines) + "\n");
        SseParser parser = new SseParser(16 * 1024 * 1024);
        List<SseEvent> events = new ArrayList<>();

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> parser.feed(stream, events::add));

        assertThat(events).hasSize(1);
        assertThat(events.get(0).data()).hasSize(lines - 1).containsOnly('\n');
    }

    private static List<byte[]> partition(byte[] stream, Random random) {
        List<byte[]> chunks = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            int end = Math.min(stream.length, at + random.nextInt(12));
            chunks.add(Arrays.copyOfRange(stream, at, end));
            at = end;
        }
        return chunks;
    }

    private static List<String> parse(List<byte[]> chunks) {
        SseParser parser = new SseParser(1_000_000);
        List<String> events = new ArrayList<>();
        chunks.forEach(chunk -> parser.feed(chunk, event -> events.add(text(event))));
        parser.end(event -> events.add(text(event)));
        return events;
    }

    private static String text(SseEvent event) {
        return event.name() + "|" + new String(event.data(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
