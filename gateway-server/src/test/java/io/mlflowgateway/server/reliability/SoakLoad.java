package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.HttpAnswers.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a gateway meets in a day: calls and streams on every surface, faults behind it, leavers and slow readers in front. */
final class SoakLoad implements AutoCloseable {
    static final int CALLS_PER_SECOND = 170;
    private static final int LEAVERS = 12;
    private static final int SLOW_READERS = 4;
    private static final int PATIENCE_MILLIS = 40_000;
    private static final String CHAT = "/endpoints/served/invocations";
    private static final String MESSAGES = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}";
    private static final String MODEL =
            "{\"model\":\"served\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}";
    private static final List<String> FAULTS = List.of("please reset", "please refuse", "please babble", "please hang");

    /** One call, and what its answer must be. */
    private record Call(String path, byte[] request, int status, Predicate<String> body) implements SteadyCalls.Kind {
        @Override
        public Optional<String> complaint(Answer answer) {
            AnswerRules.wellFormed(answer);
            return answer.status() == status && body.test(answer.text())
                    ? Optional.empty()
                    : Optional.of(path + ": " + answer.status() + " " + answer.text());
        }
    }

    private final int port;
    private final SplittableRandom random = new SplittableRandom(20_261_121);
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final AtomicInteger streamNumber = new AtomicInteger();
    private final SteadyStreams streams;
    private final SteadyStreams leavers;
    private final SteadyStreams slowReaders;
    private final SteadyCalls calls;

    /** @param streamsAtOnce beside leavers and slow readers */
    SoakLoad(int port, int streamsAtOnce) {
        this.port = port;
        streams = new SteadyStreams(streamsAtOnce, this::stream);
        leavers = new SteadyStreams(LEAVERS, this::leaver);
        slowReaders = new SteadyStreams(SLOW_READERS, this::slowReader);
        calls = new SteadyCalls(port, CALLS_PER_SECOND, this::call);
    }

    /** Called from one thread. */
    private SteadyCalls.Kind call() {
        int dice = random.nextInt(100);
        if (dice < 2) {
            String fault = FAULTS.get(random.nextInt(FAULTS.size()));
            count("calls with a fault upstream");
            return post(CHAT, String.format(MESSAGES, fault, false), failed(fault), body -> body.contains("detail"));
        }
        if (dice < 35) {
            return post(CHAT, String.format(MESSAGES, "hi", false), 200, body -> body.contains("served"));
        }
        if (dice < 55) {
            return post(
                    "/v1/chat/completions", String.format(MODEL, "hi", false), 200, body -> body.contains("served"));
        }
        if (dice < 65) {
            String classic = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
            return post("/gateway/classic/invocations", classic, 200, body -> body.contains("candidates"));
        }
        if (dice < 75) {
            return post(
                    "/v1/embeddings",
                    "{\"model\":\"vectors\",\"input\":[\"a\",\"b\"]}",
                    200,
                    body -> body.contains("embedding"));
        }
        if (dice < 85) {
            return post("/endpoints/text/invocations", "{\"prompt\":\"hi\"}", 200, body -> body.contains("echo: hi"));
        }
        if (dice < 88) {
            count("calls refused for what they ask");
            return post("/endpoints/text/invocations", "{\"prompt\":[]}", 422, body -> body.contains("detail"));
        }
        if (dice < 90) {
            count("calls refused for what they ask");
            return post("/endpoints/nobody/invocations", "{}", 404, body -> body.contains("detail"));
        }
        return get(List.of("/health", "/v1/models", "/api/2.0/endpoints/", "/openapi.json", "/health/config")
                .get(dice - 90 >> 1));
    }

    private static int failed(String fault) {
        return fault.equals("please refuse") ? 500 : fault.equals("please hang") ? 504 : 502;
    }

    private static Call post(String path, String json, int status, Predicate<String> body) {
        return new Call(path, Caller.post(path, json), status, body);
    }

    private static Call get(String path) {
        return new Call(path, Caller.get(path), 200, body -> true);
    }

    /** Every 50th meets a fault in the middle. */
    private Optional<String> stream() throws IOException {
        int number = streamNumber.incrementAndGet();
        boolean broken = number % 50 == 0;
        String prompt = broken ? FAULTS.get(number / 50 % 3) : "hi";
        boolean openAi = number % 2 == 0;
        HttpAnswers.Answer answer = openAi
                ? Caller.stream(port, "/v1/chat/completions", String.format(MODEL, prompt, true))
                : Caller.stream(port, CHAT, String.format(MESSAGES, prompt, true));
        AnswerRules.wellFormed(answer);
        boolean done = answer.text().endsWith("data: [DONE]\n\n");
        count(broken ? "streams with a fault upstream" : "streams");
        return answer.status() == 200 && done != broken ? Optional.empty() : Optional.of(prompt + ": " + answer.text());
    }

    /** Leaves in the middle of a stream, or before a whole answer came. */
    private Optional<String> leaver() throws IOException {
        boolean waiting = streamNumber.get() % 2 == 0;
        try (Socket socket = Caller.connect(port)) {
            Caller.send(socket, CHAT, String.format(MESSAGES, waiting ? "please hang" : "hi", !waiting));
            if (waiting) {
                LockSupport.parkNanos(300_000_000L);
            } else if (socket.getInputStream().readNBytes(600).length < 600) {
                return Optional.of("a stream that ended before its caller left");
            }
            socket.setSoLinger(streamNumber.get() % 3 == 0, 0);
        }
        count("leavers");
        return Optional.empty();
    }

    /** Takes a large stream in small bites. */
    private Optional<String> slowReader() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(8 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(PATIENCE_MILLIS);
            Caller.send(socket, CHAT, String.format(MESSAGES, "please much", true));
            HttpAnswers.Answer answer = new HttpAnswers(slowed(socket.getInputStream()))
                    .next(false)
                    .orElseThrow(() -> new AssertionError("closed without an answer"));
            count("slow readers");
            boolean whole = answer.text().endsWith("data: [DONE]\n\n")
                    && answer.body().length > 8_000 * SoakUpstream.LARGE_PIECES;
            return whole ? Optional.empty() : Optional.of("a slow reader got " + answer.body().length + " bytes");
        }
    }

    /** About 100 KB a second. */
    private static InputStream slowed(InputStream in) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return in.read();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                LockSupport.parkNanos(40_000_000L);
                return in.read(bytes, from, Math.min(length, 4_096));
            }
        };
    }

    private void count(String what) {
        counts.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
    }

    /** Ends all of it, each stream and call in its own way. */
    void stop() {
        calls.stop();
        streams.stop();
        leavers.stop();
        slowReaders.stop();
    }

    /** What nobody provoked. */
    List<String> complaints() {
        return List.of(calls.complaints(), streams.complaints(), leavers.complaints(), slowReaders.complaints())
                .stream()
                .flatMap(Collection::stream)
                .toList();
    }

    /** Calls sent so far, streams left aside. */
    long calls() {
        return calls.sent();
    }

    String figures() {
        return calls.sent() + " calls at " + calls.perSecond() + "/s, "
                + counts.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        calls.close();
        streams.close();
        leavers.close();
        slowReaders.close();
    }
}
