package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.HttpAnswers.Answer;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built jar's file is replaced in every way, again and again, under a steady load; each time another model answers. */
@Timeout(600)
class ReloadUnderLoadIT {
    private static final int CALLS_PER_SECOND = 200;
    private static final int STREAMS = 50;
    /** A stream goes on for about four seconds, over several reloads. */
    private static final int PIECES = 16;

    private static final int PIECE_MILLIS = 250;
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s}";
    private static final Pattern MODEL = Pattern.compile("model-(\\d+)!");

    @TempDir
    private Path folder;

    /** The newest model that is known to be in force: a call that begins now must not be answered by an older one. */
    private final AtomicInteger inForce = new AtomicInteger();

    private final AtomicInteger newestSeen = new AtomicInteger();
    private final AtomicLong slowestReloadNanos = new AtomicLong();

    @Test
    @Proves(Row.RELOAD_UNDER_LOAD)
    void reload_under_load_fails_no_call_and_cuts_no_stream() throws IOException {
        String seen = reload(30);

        Figures.seen(Row.RELOAD_UNDER_LOAD, "reload_under_load_fails_no_call_and_cuts_no_stream", seen);
    }

    @Test
    @Tag("nightly")
    @Proves(Row.RELOAD_UNDER_LOAD)
    void reload_under_load_a_hundred_times() throws IOException {
        String seen = reload(Integer.getInteger("reload.count", 100));

        Figures.seen(Row.RELOAD_UNDER_LOAD, "reload_under_load_a_hundred_times", seen);
    }

    private String reload(int times) throws IOException {
        try (RawUpstream upstream = new RawUpstream(ReloadUnderLoadIT::talk)) {
            Path file = Files.writeString(folder.resolve("gateway.yaml"), config(upstream, 0));
            try (GatewayProcess gateway =
                            new GatewayProcess(Map.of(), "start", "--port", "0", "--config-path", file.toString());
                    SteadyCalls calls = new SteadyCalls(gateway.port(), CALLS_PER_SECOND, calling());
                    SteadyStreams streams = new SteadyStreams(STREAMS, () -> stream(gateway.port()))) {
                for (int model = 1; model <= times; model++) {
                    replace(file, model, config(upstream, model));
                }
                calls.stop();
                streams.stop();

                assertThat(calls.complaints()).isEmpty();
                assertThat(streams.complaints()).isEmpty();
                assertThat(streams.ended()).isGreaterThanOrEqualTo(STREAMS);
                assertThat(gateway.output()).doesNotContain("ERROR");
                return String.format(
                        "%d reloads of the file under %d calls/s and %d streams: %d calls and %d streams, 0 failed;"
                                + " in force after at most %.2f s",
                        times,
                        CALLS_PER_SECOND,
                        STREAMS,
                        calls.sent(),
                        streams.ended(),
                        slowestReloadNanos.get() / 1e9);
            }
        }
    }

    /** Puts another file in place in one of three ways, waits until its model answers, and then a moment. */
    private void replace(Path file, int model, String text) throws IOException {
        long began = System.nanoTime();
        switch (model % 3) {
            case 0 -> Files.writeString(file, text);
            case 1 -> Files.move(write("next-" + model, text), file, StandardCopyOption.ATOMIC_MOVE);
            default -> {
                Path link = Files.createSymbolicLink(folder.resolve("link-" + model), write("to-" + model, text));
                Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Eventually.within(Duration.ofSeconds(10), "model " + model + " is in force", () -> newestSeen.get() >= model);
        inForce.set(model);
        long took = System.nanoTime() - began;
        slowestReloadNanos.accumulateAndGet(took, Math::max);
        Eventually.within(
                Duration.ofSeconds(10),
                "a second since the last reload",
                () -> System.nanoTime() - began > 1_000_000_000L);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Supplier<SteadyCalls.Kind> calling() {
        byte[] request = Caller.post("/endpoints/chat/invocations", String.format(BODY, false));
        return () -> new Call(request, inForce.get());
    }

    /** A call that began when this model was in force. */
    private final class Call implements SteadyCalls.Kind {
        private final byte[] request;
        private final int oldest;

        Call(byte[] request, int oldest) {
            this.request = request;
            this.oldest = oldest;
        }

        @Override
        public byte[] request() {
            return request;
        }

        @Override
        public Optional<String> complaint(Answer answer) {
            if (answer.status() != 200) {
                return Optional.of(answer.status() + " " + answer.text());
            }
            Matcher model = MODEL.matcher(answer.text());
            if (!model.find()) {
                return Optional.of("no model in " + answer.text());
            }
            int number = Integer.parseInt(model.group(1));
            newestSeen.accumulateAndGet(number, Math::max);
            return number >= oldest
                    ? Optional.empty()
                    : Optional.of("model " + number + " answered when " + oldest + " was in force");
        }
    }

    private static Optional<String> stream(int port) throws IOException {
        String text = Caller.stream(port, "/endpoints/chat/invocations", String.format(BODY, true))
                .text();
        List<String> models =
                MODEL.matcher(text).results().map(found -> found.group(1)).toList();
        boolean whole =
                models.size() == PIECES && new HashSet<>(models).size() == 1 && text.endsWith("data: [DONE]\n\n");
        return whole ? Optional.empty() : Optional.of("a stream by models " + models + ": " + text);
    }

    /** Says which model it was asked for; a stream says it again and again. */
    private static void talk(RawUpstream.Talk talk) throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            String body = request.get().body();
            String model = body.replaceAll("(?s).*\"model\":\"([^\"]+)\".*", "$1");
            if (body.contains("\"stream\":true")) {
                talk.send(RawUpstream.STREAM_HEAD);
                for (int i = 0; i < PIECES; i++) {
                    talk.send(RawUpstream.chunk(chunk(model, i == PIECES - 1)));
                    talk.idle(PIECE_MILLIS);
                }
                talk.send(RawUpstream.chunk("data: [DONE]\n\n") + RawUpstream.LAST_CHUNK);
            } else {
                talk.send(
                        RawUpstream.json("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                                + model + "\"},\"finish_reason\":\"stop\"}]}"));
            }
            request = talk.next();
        }
    }

    private static String chunk(String model, boolean last) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + model + "\"},\"finish_reason\":"
                + (last ? "\"stop\"" : "null") + "}]}\n\n";
    }

    private static String config(RawUpstream upstream, int model) {
        return """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: model-%d!
                      config: {openai_api_key: k, openai_api_base: 'http://127.0.0.1:%d/v1'}
                """.formatted(model, upstream.port());
    }
}
