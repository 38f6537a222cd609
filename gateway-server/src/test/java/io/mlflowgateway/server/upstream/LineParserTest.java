package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.query.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineParserTest {
    private static final String STREAM =
            "{\"t\":\"こんにちは\"}\r\n\n  {\"t\":\"a\u2028b\u2029c\u0085d\"} \n \t\r\n{\"t\":\"\rx\"}\n{\"done\":true}";
    private static final List<String> EVENTS =
            List.of("{\"t\":\"こんにちは\"}", "{\"t\":\"a\u2028b\u2029c\u0085d\"}", "{\"t\":\"\rx\"}", "{\"done\":true}");

    @Test
    void a_cut_at_any_place_changes_nothing() {
        byte[] stream = utf8(STREAM);

        for (int at = 0; at <= stream.length; at++) {
            LineParser parser = new LineParser(1_000);
            List<String> events = new ArrayList<>();
            parser.feed(Arrays.copyOf(stream, at), event -> events.add(text(event)));
            parser.feed(Arrays.copyOfRange(stream, at, stream.length), event -> events.add(text(event)));
            parser.end(event -> events.add(text(event)));

            assertThat(events).as("cut at %s", at).isEqualTo(EVENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void lines_before_one_that_is_too_long_come_through(int size) {
        byte[] stream = utf8("{}\n" + "x".repeat(101) + "\n{}\n");
        LineParser parser = new LineParser(100);
        List<String> events = new ArrayList<>();

        Failure failure = catchThrowableOfType(Failure.class, () -> {
            for (int at = 0; at < stream.length; at += size) {
                parser.feed(
                        Arrays.copyOfRange(stream, at, Math.min(stream.length, at + size)),
                        event -> events.add(text(event)));
            }
        });

        assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
        assertThat(events).containsExactly("{}");
    }

    @Test
    void the_room_of_a_long_line_is_given_back() {
        LineParser parser = new LineParser(1_000_000);

        parser.feed(utf8("x".repeat(500_000)), event -> {});
        int during = parser.heldBytes();
        parser.feed(utf8("\n"), event -> {});

        assertThat(during).isBetween(500_000, 1_000_000);
        assertThat(parser.heldBytes()).isZero();
    }

    private static String text(SseEvent event) {
        assertThat(event.name()).isEmpty();
        return new String(event.data(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
