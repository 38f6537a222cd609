package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One stream, framed and cut in every way an upstream may, is the same stream to every caller. */
class SplitStreamIT {
    private static final List<Surface> STREAMED =
            Surface.all().filter(Surface::streams).toList();
    private static final String TEXT = "日本語 Привет 🎉\u2028é\\n\\u0000 data: [DONE] \\\"x\\\"";
    private static final int WAYS = 12;

    @Test
    @Proves(Row.SPLIT_STREAM)
    void split_stream_is_the_same_text_wherever_it_is_cut() {
        for (Surface surface : STREAMED) {
            String stream = stream(surface);
            AtomicInteger way = new AtomicInteger();
            RawUpstream.Script cutting =
                    talk -> cut(talk, stream, new SplittableRandom(way.get()), 1 << way.getAndIncrement());
            try (RawUpstream upstream = upstream(cutting);
                    TestGateway gateway = gateway(upstream)) {
                for (int i = 0; i < WAYS; i++) {
                    List<String> events = events(gateway, surface);

                    assertThat(events).as(surface + ", way " + i).isEqualTo(told(surface));
                }
            }
        }

        Figures.seen(
                Row.SPLIT_STREAM,
                "split_stream_is_the_same_text_wherever_it_is_cut",
                STREAMED.size() + " surfaces, " + WAYS
                        + " ways each, one of them byte by byte: the same events, characters of 1 to 4 bytes among them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r", "\n", "mixed"})
    @Proves(Row.SPLIT_STREAM)
    void split_stream_with_odd_framing_is_the_same_text(String ends) {
        for (Surface surface : STREAMED) {
            String odd = "\uFEFF: hello\n\nretry: 3000\nid: 7\n\n"
                    + stream(surface)
                            .replaceAll("(?m)^data: ", "data:")
                            .replace("\n\n", "\nid: 8\n: beat\nfield without colon\n\n");
            String framed = ends.equals("mixed")
                    ? odd.replaceFirst("\n\n", "\r\r").replaceFirst("\n\n", "\r\n\n")
                    : odd.replace("\n", ends);

            try (RawUpstream upstream = upstream(talk -> cut(talk, framed, new SplittableRandom(1), 40));
                    TestGateway gateway = gateway(upstream)) {
                List<String> events = events(gateway, surface);

                assertThat(events).as(surface.toString()).isEqualTo(told(surface));
            }
        }

        Figures.seen(
                Row.SPLIT_STREAM,
                "split_stream_with_odd_framing_is_the_same_text",
                "LF, CRLF, CR and all of them, a byte order mark, comments, id, retry and unknown fields, no space behind"
                        + " data: the same events on " + STREAMED.size() + " surfaces");
    }

    private static String stream(Surface surface) {
        return surface.goodAnswer().replace("hey", TEXT);
    }

    /** The stream's own events without the one for usage, which nobody asked for. */
    private static List<String> told(Surface surface) {
        return Arrays.stream(stream(surface).split("\n\n"))
                .map(event -> event.substring("data: ".length()))
                .filter(event -> !event.contains("\"usage\":{"))
                .toList();
    }

    private static RawUpstream upstream(RawUpstream.Script answer) {
        return new RawUpstream(talk -> {
            while (talk.readRequest()) {
                answer.run(talk);
            }
        });
    }

    private static TestGateway gateway(RawUpstream upstream) {
        return TestGateway.with(Surface.config(upstream.base(), "k", ""));
    }

    private static List<String> events(TestGateway gateway, Surface surface) {
        HttpResponse<String> answer = gateway.post(surface.path(), surface.json());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestGateway.events(answer);
    }

    /** Sends it in chunks, and the chunks in packets, of random lengths. */
    private static void cut(RawUpstream.Talk talk, String stream, SplittableRandom random, int most)
            throws IOException {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        talk.send(RawUpstream.STREAM_HEAD);
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, random.nextInt(1, most + 1));
            talk.send(Integer.toHexString(length) + "\r\n");
            int middle = random.nextInt(0, length + 1);
            talk.send(Arrays.copyOfRange(bytes, at, at + middle));
            talk.send(Arrays.copyOfRange(bytes, at + middle, at + length));
            talk.send("\r\n");
            at += length;
        }
        talk.send(RawUpstream.LAST_CHUNK);
    }
}
