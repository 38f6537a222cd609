package io.mlflowgateway.server.upstream;

import static io.mlflowgateway.server.testing.AwsFrames.event;
import static io.mlflowgateway.server.testing.AwsFrames.exception;
import static io.mlflowgateway.server.testing.AwsFrames.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.query.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamParserTest {
    private static final int LIMIT = 100_000;

    /** One of each type that published messages have. */
    private static final String SOME_HEADERS = "0130000131010132020201330300030134040000000401350500000000000000050136"
            + "0600056279746573013707000475746638013808000000000000000801390930313233343536373839616263646566";

    private static final byte[] STREAM = joined(
            event("messageStart", "{\"role\":\"assistant\"}"),
            event("contentBlockDelta", "{\"delta\":{\"text\":\"こんにちは \u2028 👩‍👩‍👧\"}}"),
            event("messageStop", ""),
            exception("throttlingException", "{\"message\":\"slow down\"}"),
            frame(Map.of(":message-type", "error", ":error-code", "500", ":error-message", "it broke"), ""));
    private static final List<String> EVENTS = List.of(
            "messageStart|{\"role\":\"assistant\"}",
            "contentBlockDelta|{\"delta\":{\"text\":\"こんにちは \u2028 👩‍👩‍👧\"}}",
            "messageStop|",
            "exception:throttlingException|{\"message\":\"slow down\"}",
            "error:500|it broke");

    /** What came of a stream. */
    private record Read(List<String> events, List<Failure> failures) {}

    static Stream<JsonNode> published() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                EventStreamParserTest.class.getResourceAsStream("/provider/aws/eventstream.json"))) {
            return StreamSupport.stream(Json.tree(file.readAllBytes()).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void every_published_message_is_read_or_refused(JsonNode message) {
        Read read = read(HexFormat.of().parseHex(message.path("hex").asText()));

        if (message.path("broken").asBoolean()) {
            assertInvalid(read);
        } else {
            String name = message.path("name").asText().startsWith("error") ? "error:code|message" : "|";
            assertThat(read.failures()).isEmpty();
            assertThat(read.events())
                    .containsExactly(name + message.path("payload").asText());
        }
    }

    @Test
    void messages_in_one_buffer_are_all_read() {
        assertThat(read(STREAM)).isEqualTo(new Read(EVENTS, List.of()));
    }

    @Test
    void a_cut_at_any_place_changes_nothing() {
        for (int at = 0; at <= STREAM.length; at++) {
            Read read = read(Arrays.copyOf(STREAM, at), Arrays.copyOfRange(STREAM, at, STREAM.length));

            assertThat(read).as("cut at %s", at).isEqualTo(new Read(EVENTS, List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 11, 12, 13, 16})
    void parts_of_any_size_give_the_same_events(int size) {
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at < STREAM.length; at += size) {
            parts.add(Arrays.copyOfRange(STREAM, at, Math.min(STREAM.length, at + size)));
        }

        assertThat(read(parts.toArray(byte[][]::new))).isEqualTo(new Read(EVENTS, List.of()));
    }

    @Test
    void a_changed_bit_anywhere_is_found_and_what_came_before_it_is_handed_over() {
        byte[] first = event("a", "{}");
        byte[] stream = joined(first, event("b", "{\"text\":\"hello\"}"));

        for (int bit = first.length * 8; bit < stream.length * 8; bit++) {
            byte[] changed = stream.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            Read read = read(changed);

            assertThat(read.events()).as("bit %s", bit).containsExactly("a|{}");
            assertInvalid(read);
        }
    }

    @Test
    void an_end_between_messages_is_an_end_and_one_inside_a_message_is_a_failure() {
        byte[] one = event("a", "{}");

        for (int at = 0; at <= one.length; at++) {
            Read read = read(one, Arrays.copyOf(one, at));

            boolean between = at == 0 || at == one.length;
            assertThat(read.failures()).as("ends at %s", at).hasSize(between ? 0 : 1);
            assertThat(read.events()).hasSize(at == one.length ? 2 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 15, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, LIMIT + 1})
    void a_length_that_cannot_be_is_refused_as_soon_as_it_has_come(int total) {
        byte[] lies = frame(total, 0, new byte[0], new byte[0]);
        EventStreamParser parser = new EventStreamParser(LIMIT);

        Failure failure = catchThrowableOfType(Failure.class, () -> parser.feed(Arrays.copyOf(lies, 12), event -> {}));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(parser.heldBytes()).isLessThan(2_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void headers_longer_than_their_message_are_refused(int headers) {
        assertInvalid(read(frame(20, headers, new byte[0], new byte[4])));
    }

    @Test
    void more_headers_than_any_service_sends_are_refused() {
        EventStreamParser parser = new EventStreamParser(Integer.MAX_VALUE);
        byte[] many = frame(new byte[200_000], new byte[0]);

        Failure failure = catchThrowableOfType(Failure.class, () -> parser.feed(many, event -> {}));

        assertThat(failure.getMessage()).contains("131072 bytes of headers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff", // a name longer than all
                "01", // no name
                "0161", // no type
                "016107", // no length of a text
                "01610700", // half a length
                "0161070005616263", // less than the length says
                "016109", // less than the type says
                "01610a", // a type nobody knows
                "0161ff",
                "0d3a6d6573736167652d7479706500", // :message-type that is no text
                "0d3a6d6573736167652d7479706507000161" // :message-type "a"
            })
    void broken_headers_are_refused_where_the_checksums_are_right(String headers) {
        assertInvalid(read(frame(HexFormat.of().parseHex(headers), new byte[0])));
    }

    @Test
    void headers_of_any_bytes_make_an_event_or_a_failure() {
        Random random = new Random(20_261_122);
        int broken = 0;

        for (int round = 0; round < 20_000; round++) {
            byte[] headers = HexFormat.of().parseHex(SOME_HEADERS);
            for (int change = random.nextInt(3); change >= 0; change--) {
                headers[random.nextInt(headers.length)] = (byte) random.nextInt(-1, 12);
            }

            Read read = read(frame(headers, new byte[0]));

            assertThat(read.events().size() + read.failures().size()).isEqualTo(1);
            broken += read.failures().size();
        }
        assertThat(broken).isBetween(1_000, 19_000);
    }

    @Test
    void a_name_that_stands_twice_is_refused() {
        byte[] type = HexFormat.of().parseHex("0b3a6576656e742d74797065070001" + "61");

        assertThat(read(frame(type, new byte[0])).events()).containsExactly("a|");
        assertInvalid(read(frame(joined(type, type), new byte[0])));
    }

    @Test
    void a_message_as_large_as_the_limit_is_read_and_one_byte_more_is_refused() {
        EventStreamParser parser = new EventStreamParser(1_000);
        List<SseEvent> events = new ArrayList<>();

        parser.feed(frame(new byte[0], new byte[984]), events::add);
        Failure failure =
                catchThrowableOfType(Failure.class, () -> parser.feed(frame(new byte[0], new byte[985]), events::add));

        assertThat(events).hasSize(1);
        assertThat(failure.getMessage()).contains("1000 bytes");
    }

    @Test
    void room_is_made_as_bytes_come_and_given_back_after_a_long_message() {
        EventStreamParser parser = new EventStreamParser(50_000_000);
        byte[] large = frame(new byte[0], new byte[40_000_000]);

        parser.feed(Arrays.copyOf(large, 30), event -> {});
        int early = parser.heldBytes();
        parser.feed(Arrays.copyOfRange(large, 30, large.length), event -> {});

        assertThat(early).isLessThan(2_000);
        assertThat(parser.heldBytes()).isZero();
    }

    private static void assertInvalid(Read read) {
        assertThat(read.failures()).extracting(Failure::kind).containsExactly(Failure.Kind.UPSTREAM_INVALID);
    }

    private static Read read(byte[]... parts) {
        EventStreamParser parser = new EventStreamParser(LIMIT);
        List<String> events = new ArrayList<>();
        try {
            for (byte[] part : parts) {
                parser.feed(part, event -> events.add(text(event)));
            }
            parser.end(event -> events.add(text(event)));
            return new Read(events, List.of());
        } catch (Failure failure) {
            return new Read(events, List.of(failure));
        }
    }

    private static String text(SseEvent event) {
        return event.name() + "|" + new String(event.data(), StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
