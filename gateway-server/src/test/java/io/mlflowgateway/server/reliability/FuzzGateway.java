package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A whole gateway to throw inputs at, with short times and small sizes, every kind of route, and one upstream behind
 * {@code served}. Says afterwards whether anything was left of them.
 */
final class FuzzGateway implements AutoCloseable {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final long MOST_HEAP_GROWTH = 24L << 20;
    private static final int MOST_DESCRIPTORS_MORE = 5;
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("request-head-timeout", "400ms"),
            Map.entry("request-body-timeout", "400ms"),
            Map.entry("keep-alive-timeout", "4s"),
            Map.entry("first-byte-timeout", "1s"),
            Map.entry("stream-idle-timeout", "1s"),
            Map.entry("total-timeout", "5s"),
            Map.entry("request-body-limit", "64KiB"),
            Map.entry("response-body-limit", "256KiB"));

    private final Errors errors = new Errors();
    private final TestGateway gateway;
    private int descriptors;
    private long heap;

    FuzzGateway(RawUpstream upstream) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        errors.setContext(root.getLoggerContext());
        errors.start();
        root.addAppender(errors);
        gateway = TestGateway.with(config(upstream), SETTINGS);
    }

    private static String config(RawUpstream upstream) {
        return """
                routes:
                  - {name: classic, route_type: llm/v1/chat, model: {provider: echo, name: e}}
                  - {name: split, task_type: llm/v1/chat, destinations: [{name: chat, traffic_percentage: 100}]}
                endpoints:
                  - {name: chat, endpoint_type: llm/v1/chat, model: {provider: echo, name: e}}
                  - {name: text, endpoint_type: llm/v1/completions, model: {provider: echo, name: e}}
                  - {name: vectors, endpoint_type: llm/v1/embeddings, model: {provider: echo, name: e}}
                  - name: served
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: m
                      config: {openai_api_key: k, openai_api_base: 'http://127.0.0.1:%d/v1'}
                """.formatted(upstream.port());
    }

    /** A connection that waits at most 10 s for anything, and is closed with a reset, so that no port waits for it. */
    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        socket.setSoLinger(true, 0);
        return socket;
    }

    /** Sends a POST on a connection of its own and reads its answer. */
    HttpAnswers.Answer post(String path, byte[] json) throws IOException {
        try (Socket socket = connect()) {
            return post(socket, path, json);
        }
    }

    /** Sends a POST and reads its answer. */
    static HttpAnswers.Answer post(Socket socket, String path, byte[] json) throws IOException {
        socket.getOutputStream().write(request(path, json));
        InputStream in = socket.getInputStream();
        return new HttpAnswers(in).next(false).orElseThrow(() -> new AssertionError("closed without an answer"));
    }

    private static byte[] request(String path, byte[] json) {
        byte[] head = ("POST " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + json.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + json.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(json, 0, request, head.length, json.length);
        return request;
    }

    /** Remembers what is open and held now, after a first round. */
    void settled() {
        Eventually.within(Duration.ofSeconds(10), "a call is answered", this::answers);
        heap = heapAfterCollection();
        descriptors = openDescriptors();
    }

    /** Claims that it serves as before and that nothing was left behind; says with which figures. */
    String unharmed() {
        long began = System.nanoTime();
        assertThat(answers()).as("an ordinary call right after").isTrue();
        long tookMillis = (System.nanoTime() - began) / 1_000_000;
        assertThat(tookMillis).isLessThan(2_000);
        assertThat(errors.lines).as("ERROR lines in the log").isEmpty();
        Eventually.within(
                Duration.ofSeconds(20),
                "connections are closed",
                () -> openDescriptors() <= descriptors + MOST_DESCRIPTORS_MORE);
        Eventually.within(
                Duration.ofSeconds(20), "memory is let go", () -> heapAfterCollection() <= heap + MOST_HEAP_GROWTH);
        return String.format(
                "no 5xx of ours, no ERROR line, heap %+.1f MiB, descriptors %+d, next call in %d ms",
                (heapAfterCollection() - heap) / 1048576.0, openDescriptors() - descriptors, tookMillis);
    }

    private boolean answers() {
        try {
            return post("/endpoints/chat/invocations", CHAT.getBytes(StandardCharsets.US_ASCII))
                            .status()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static int openDescriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        gateway.close();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(errors);
    }

    /** What is logged as an error. */
    private static final class Errors extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                lines.add(event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ": " + event.getThrowableProxy().getClassName() + " "
                                        + event.getThrowableProxy().getMessage()));
            }
        }
    }
}
