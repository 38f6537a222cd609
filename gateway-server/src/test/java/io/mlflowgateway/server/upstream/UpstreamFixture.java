package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.SseEvent;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.testing.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import reactor.core.publisher.Flux;
import reactor.netty.resources.LoopResources;

/** A client under test with short limits; closed after each test. */
abstract class UpstreamFixture {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(300);
    static final Duration LONG = Duration.ofSeconds(20);
    static final int BODY_LIMIT = 256 * 1024;

    final LoopResources loops = LoopResources.create("test-upstream", 2, true);
    final Upstreams upstreams = new Upstreams(loops);
    final Sender upstream = sender(settings(LONG, LONG, 100));

    private final Queue<Upstreams> others = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        upstreams.close();
        others.forEach(Upstreams::close);
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(PATIENCE);
    }

    static UpstreamSettings settings(Duration firstByte, Duration streamIdle, int connections) {
        return new UpstreamSettings(LONG, LONG, firstByte, streamIdle, LONG, BODY_LIMIT, connections);
    }

    /** With little time to connect, shake hands, or wait for one of these connections. */
    static UpstreamSettings connectingWithin(Duration limit, int connections) {
        return new UpstreamSettings(limit, limit, LONG, LONG, LONG, BODY_LIMIT, connections);
    }

    Sender upstream(Duration firstByte, Duration streamIdle) {
        return sender(settings(firstByte, streamIdle, 100));
    }

    Sender sender(UpstreamSettings settings) {
        return upstreams.sender(Optional.empty(), settings, "test", Settings.NONE);
    }

    /** One over a transport of its own, closed after the test. */
    Sender sender(Transport transport, UpstreamSettings settings) {
        Upstreams other = new Upstreams(transport, AnswerMemory.ofThisProcess());
        others.add(other);
        return other.sender(Optional.empty(), settings, "test", Settings.NONE);
    }

    static UpstreamRequest whole(String url) {
        return new UpstreamRequest(url, Map.of("Authorization", "Bearer fake"), utf8("{\"q\":\"привет\"}"), false);
    }

    static UpstreamRequest stream(String url) {
        return new UpstreamRequest(url, Map.of(), utf8("{\"stream\":true}"), true);
    }

    static Deadline soon() {
        return Deadline.in(LONG);
    }

    /** The answer, after its connection is back in the pool. */
    UpstreamResponse.Whole answer(Sender upstream, String url) {
        UpstreamResponse answer = Await.value(upstream.send(whole(url), soon()));
        settle();
        return (UpstreamResponse.Whole) answer;
    }

    /** An answer is handed on a moment before its connection is: lets every loop finish what it is at. */
    void settle() {
        loops.onClient(true).forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
    }

    static Flux<String> events(Sender upstream, String url) {
        return upstream.send(stream(url), soon())
                .flatMapMany(UpstreamFixture::eventsOf)
                .map(UpstreamFixture::text);
    }

    static Flux<SseEvent> eventsOf(UpstreamResponse response) {
        return ((UpstreamResponse.Events) response).events();
    }

    static String text(SseEvent event) {
        return new String(event.data(), StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
