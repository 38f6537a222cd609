package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.FuzzInputs;
import io.mlflowgateway.server.testing.FuzzRun;
import io.mlflowgateway.server.testing.Mutator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Event streams broken anywhere mean the same whatever way their bytes are cut. */
@Timeout(3_000)
class SseFuzzTest {
    private static final int LIMIT_BYTES = 2_000;
    private static final List<byte[]> STREAMS = FuzzInputs.lines("streams.txt");

    /** What came of a stream: its events, and whether one of them was too large. */
    private record Read(List<String> events, boolean tooLarge) {}

    private final AtomicLong tooLarge = new AtomicLong();

    @Test
    @Proves(Row.FUZZ)
    void fuzz_event_streams_give_the_same_events_however_they_are_cut() {
        String seen = streams(Duration.ofSeconds(3));

        Figures.seen(Row.FUZZ, "fuzz_event_streams_give_the_same_events_however_they_are_cut", seen);
    }

    @Test
    @Tag("nightly")
    @Proves(Row.FUZZ)
    void fuzz_event_streams_for_minutes() {
        Figures.seen(Row.FUZZ, "fuzz_event_streams_for_minutes", streams(Duration.ofMinutes(2)));
    }

    private String streams(Duration time) {
        Mutator mutator = new Mutator(STREAMS, FuzzInputs.lines("upstream-words.txt"));
        long tried = new FuzzRun("event streams", time).run(1, STREAMS, mutator::next, this::attempt);
        assertThat(tried).isGreaterThan(1_000);
        assertThat(tooLarge.get()).isBetween(1L, tried / 2);
        return tried + " event streams, each cut in three ways: the same events, or the same failure (" + tooLarge
                + ")";
    }

    private void attempt(byte[] stream, SplittableRandom random) {
        Read whole = read(List.of(stream));

        assertThat(read(cut(stream, random, 1))).as("byte by byte").isEqualTo(whole);
        assertThat(read(cut(stream, random, 5))).as("in small parts").isEqualTo(whole);
        assertThat(read(cut(stream, random, 900))).as("in large parts").isEqualTo(whole);
        tooLarge.addAndGet(whole.tooLarge() ? 1 : 0);
    }

    private static List<byte[]> cut(byte[] stream, SplittableRandom random, int most) {
        List<byte[]> parts = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            int to = Math.min(stream.length, at + 1 + random.nextInt(most));
            parts.add(Arrays.copyOfRange(stream, at, to));
            at = to;
        }
        return parts;
    }

    private static Read read(List<byte[]> parts) {
        List<String> events = new ArrayList<>();
        SseParser parser = new SseParser(LIMIT_BYTES);
        try {
            parts.forEach(part -> parser.feed(part, event -> events.add(shown(event))));
            parser.end(event -> events.add(shown(event)));
        } catch (Failure failure) {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.UPSTREAM_INVALID);
            return new Read(events, true);
        }
        return new Read(events, false);
    }

    private static String shown(SseEvent event) {
        return event.name() + "|" + new String(event.data(), StandardCharsets.ISO_8859_1);
    }
}
