package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.ScriptedUpstream.Script;
import io.mlflowgateway.server.testing.TestGateway;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Callers that leave, read too slowly, send too slowly, or come in crowds; in front of a whole gateway. */
class CallerFaultsIT {
    private static final String CHAT = "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";
    private static final String WHOLE = String.format(CHAT, "");
    private static final String STREAM = String.format(CHAT, ",\"stream\":true");
    private static final String PATH = "/v1/chat/completions";
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<RawConnection> callers = new ArrayList<>();
    private ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.chat("Hi"));
    private TestGateway gateway = start(exchange -> exchange.chat("Hi"), Map.of());

    private TestGateway start(Script script, Map<String, String> settings) {
        stop();
        upstream = new ScriptedUpstream(script);
        gateway = TestGateway.inFrontOf(upstream, settings);
        return gateway;
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            callers.forEach(RawConnection::close);
            callers.clear();
            gateway.close();
            upstream.close();
        }
    }

    private RawConnection connect() {
        RawConnection caller = new RawConnection(gateway.port());
        callers.add(caller);
        return caller;
    }

    @ParameterizedTest
    @CsvSource({
        "waits,false,closes", "waits,false,resets", "waits,false,shuts its side",
        "waits,true,closes", "waits,true,resets", "waits,true,shuts its side",
        "reads,true,closes", "reads,true,resets", "reads,true,shuts its side"
    })
    @Proves(Row.CALLER_GONE)
    void caller_gone_in_any_way_frees_the_upstream_at_once(String when, boolean stream, String how) {
        start(when.equals("reads") ? CallerFaultsIT::sayOneThenHang : ScriptedUpstream.Exchange::awaitGone, Map.of());
        RawConnection caller = connect().post(PATH, stream ? STREAM : WHOLE);
        awaitUpstream(1);
        if (when.equals("reads")) {
            caller.readUntil("one");
        }

        long left = System.nanoTime();
        switch (how) {
            case "resets" -> caller.reset();
            case "shuts its side" -> caller.endSending();
            default -> caller.close();
        }

        Eventually.within(SOON, "the upstream is let go", () -> upstream.openConnections() == 0);
        Figures.seen(
                Row.CALLER_GONE,
                "caller_gone_in_any_way_frees_the_upstream_at_once",
                "upstream closed after " + millisSince(left) + " ms, waiting or mid-stream, by FIN, RST or half-close");
    }

    private static void sayOneThenHang(ScriptedUpstream.Exchange exchange) throws IOException {
        exchange.beginStream().say("one").awaitGone();
    }

    /** What is not read holds back the FIN behind it. */
    @ParameterizedTest
    @CsvSource({"100", "300", "1000"})
    @Proves(Row.CALLER_GONE)
    void caller_gone_behind_pipelined_requests_is_noticed_too(int kilobytes) {
        start(ScriptedUpstream.Exchange::awaitGone, Map.of());
        RawConnection caller = connect().post(PATH, WHOLE);
        awaitUpstream(1);
        caller.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(kilobytes * 1024 / 41));

        long left = System.nanoTime();
        caller.close();

        Eventually.within(SOON, "the upstream is let go", () -> upstream.openConnections() == 0);
        Figures.seen(
                Row.CALLER_GONE,
                "caller_gone_behind_pipelined_requests_is_noticed_too",
                "upstream closed after " + millisSince(left) + " ms with " + kilobytes
                        + " KB of requests before the FIN");
    }

    @Test
    @Proves(Row.CALLER_GONE)
    void caller_gone_two_hundred_times_leaves_no_connection_and_no_descriptor() {
        start(CallerFaultsIT::sayOneThenHang, Map.of());
        leave(20);
        Eventually.within(SOON, "all upstreams are let go", () -> upstream.openConnections() == 0);
        long before = descriptors();

        long began = System.nanoTime();
        leave(200);
        long took = millisSince(began);

        Eventually.within(SOON, "all upstreams are let go", () -> upstream.openConnections() == 0);
        Eventually.within(SOON, "all descriptors are closed", () -> descriptors() <= before + 10);
        assertThat(upstream.requests()).isEqualTo(220);
        Figures.seen(
                Row.CALLER_GONE,
                "caller_gone_two_hundred_times_leaves_no_connection_and_no_descriptor",
                "200 leavers in " + took + " ms: 0 upstream connections; " + before + " descriptors before, "
                        + descriptors() + " after");
    }

    /** Half of them while they wait for the first piece, half after it. */
    private void leave(int times) {
        for (int i = 0; i < times; i++) {
            int asked = upstream.requests();
            try (RawConnection caller = new RawConnection(gateway.port()).post(PATH, STREAM)) {
                if (i % 2 == 0) {
                    caller.readUntil("one");
                } else {
                    awaitUpstream(asked + 1);
                }
            }
        }
    }

    @Test
    @Proves(Row.CALLER_GONE)
    void caller_gone_is_no_error_in_the_log() {
        start(
                exchange -> {
                    if (exchange.body().contains("stream")) {
                        exchange.beginStream().say("one").reset();
                    } else {
                        exchange.reset();
                    }
                },
                Map.of());
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);

        // The upstream breaks while the caller leaves: whichever comes first.
        for (int i = 0; i < 200; i++) {
            RawConnection caller = new RawConnection(gateway.port()).post(PATH, i % 2 == 0 ? STREAM : WHOLE);
            awaitUpstream(i + 1);
            caller.reset();
        }
        Eventually.within(LONG, "all upstreams are let go", () -> upstream.openConnections() == 0);
        root.detachAppender(log);

        assertThat(List.copyOf(log.list)).noneMatch(event -> event.getLevel() == Level.ERROR);
        Figures.seen(
                Row.CALLER_GONE,
                "caller_gone_is_no_error_in_the_log",
                "200 callers left while their upstream broke: no ERROR");
    }

    @Test
    @Proves(Row.SLOW_READER)
    void slow_reader_that_reads_nothing_holds_less_than_a_mebibyte() {
        int readers = 20;
        AtomicLong sent = new AtomicLong();
        start(exchange -> sayWithoutEnd(exchange, sent), Map.of());
        readNothing(readers, sent);
        leaveAll();
        long heapBefore = heap();
        sent.set(0);

        readNothing(readers, sent);

        long heap = (heap() - heapBefore) / readers;
        // All there are, whoever holds them.
        long buffers = buffers() / readers;
        long upstreamSent = sent.get() / readers;
        assertThat(heap).isLessThan(1 << 20);
        assertThat(buffers).isLessThan(1 << 20);
        assertThat(upstreamSent).isLessThan(32 << 20);
        leaveAll();
        Figures.seen(
                Row.SLOW_READER,
                "slow_reader_that_reads_nothing_holds_less_than_a_mebibyte",
                readers + " streams nobody reads: " + heap / 1024 + " KiB of heap and " + buffers / 1024
                        + " KiB of buffers each; the upstream stood still after " + upstreamSent / 1024
                        + " KiB, most of it in the sockets");
    }

    private void readNothing(int readers, AtomicLong sent) {
        int asked = upstream.requests();
        for (int i = 0; i < readers; i++) {
            callers.add(new RawConnection(gateway.port(), 16_384).post(PATH, STREAM));
        }
        awaitUpstream(asked + readers);
        awaitSteady(sent);
    }

    private void leaveAll() {
        callers.forEach(RawConnection::close);
        callers.clear();
        Eventually.within(SOON, "all upstreams are let go", () -> upstream.openConnections() == 0);
    }

    private static void sayWithoutEnd(ScriptedUpstream.Exchange exchange, AtomicLong sent) throws IOException {
        exchange.beginStream();
        // Not smaller: the leak detector of the tests keeps records of each buffer, which would outweigh the buffers.
        String piece = "x".repeat(32 * 1024);
        while (true) {
            exchange.say(piece);
            sent.addAndGet(piece.length());
        }
    }

    /** Until nothing was sent for half a second. */
    private static void awaitSteady(AtomicLong sent) {
        AtomicLong last = new AtomicLong(-1);
        AtomicLong since = new AtomicLong(System.nanoTime());
        Eventually.within(LONG, "the upstream stands still", () -> {
            long now = sent.get();
            if (last.getAndSet(now) != now) {
                since.set(System.nanoTime());
            }
            return millisSince(since.get()) > 500;
        });
    }

    @Test
    @Proves(Row.SLOW_READER)
    void slow_reader_that_takes_nothing_for_the_write_idle_time_is_cut() {
        start(exchange -> sayWithoutEnd(exchange, new AtomicLong()), Map.of("write-idle-timeout", "700ms"));
        RawConnection stuck = new RawConnection(gateway.port(), 4096).post(PATH, STREAM);
        callers.add(stuck);
        awaitUpstream(1);

        long began = System.nanoTime();
        Eventually.within(LONG, "the upstream is let go", () -> upstream.openConnections() == 0);
        long took = millisSince(began);

        assertThat(took).isGreaterThan(600);
        Figures.seen(
                Row.SLOW_READER,
                "slow_reader_that_takes_nothing_for_the_write_idle_time_is_cut",
                "with a write-idle time of 700 ms a stuck stream was over " + took
                        + " ms after its request, sockets filled and all, its upstream with it");
    }

    @Test
    @Proves(Row.SLOW_HEADS)
    void slow_heads_end_at_their_total_time_while_others_are_served() {
        start(exchange -> exchange.chat("Hi"), Map.of("request-head-timeout", "2s"));

        Seen seen = dribble(200, "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ");

        Figures.seen(Row.SLOW_HEADS, "slow_heads_end_at_their_total_time_while_others_are_served", seen.toString());
    }

    @Test
    @Proves(Row.SLOW_BODIES)
    void slow_bodies_end_at_their_total_time_while_others_are_served() {
        start(exchange -> exchange.chat("Hi"), Map.of("request-body-timeout", "2s"));

        Seen seen = dribble(
                20,
                "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 1000\r\n\r\n");

        Figures.seen(Row.SLOW_BODIES, "slow_bodies_end_at_their_total_time_while_others_are_served", seen.toString());
    }

    private record Seen(int callers, long firstMillis, long lastMillis, long medianCall, long longestCall) {
        @Override
        public String toString() {
            return callers + " of " + callers + " got 408 after " + firstMillis + " to " + lastMillis
                    + " ms of a total time of 2000; others' calls took " + medianCall + " ms, at most " + longestCall;
        }
    }

    /** So many callers send this at once, and then a byte now and then, until they are told to stop. */
    private Seen dribble(int count, String begin) {
        gateway.post(PATH, WHOLE);
        for (int i = 0; i < count; i++) {
            connect();
        }
        long began = System.nanoTime();
        callers.forEach(caller -> caller.send(begin));
        CompletableFuture<List<Long>> ends = CompletableFuture.supplyAsync(() -> awaitAnswers(began));
        List<Long> calls = new ArrayList<>();
        long lastByte = began;

        while (!ends.isDone()) {
            if (millisSince(lastByte) > 200) {
                lastByte = System.nanoTime();
                callers.forEach(caller -> caller.trySend("a"));
            }
            long call = System.nanoTime();
            assertThat(gateway.post(PATH, WHOLE).statusCode()).isEqualTo(200);
            calls.add(millisSince(call));
        }

        List<Long> after = ends.join().stream().sorted().toList();
        List<Long> sorted = calls.stream().sorted().toList();
        Seen seen = new Seen(
                count,
                after.get(0),
                after.get(count - 1),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() - 1));
        assertThat(seen.firstMillis()).isGreaterThan(1900);
        assertThat(seen.lastMillis()).isLessThan(6000);
        assertThat(seen.medianCall()).isLessThan(1000);
        return seen;
    }

    private List<Long> awaitAnswers(long began) {
        List<Long> after = new ArrayList<>();
        for (RawConnection caller : callers) {
            assertThat(caller.answer().status()).isEqualTo(408);
            after.add(millisSince(began));
        }
        return after;
    }

    @Test
    @Proves(Row.IDLE_CONNECTIONS)
    void idle_connections_by_the_thousand_change_nothing_for_others() {
        start(exchange -> exchange.chat("Hi"), Map.of());
        List<Long> alone = calls(50);
        for (int i = 0; i < 1000; i++) {
            connect();
        }

        List<Long> among = calls(50);

        RawConnection oneOfThem = callers.get(500);
        assertThat(oneOfThem.post(PATH, WHOLE).answer().status()).isEqualTo(200);
        assertThat(among.get(25)).isLessThan(1000);
        Figures.seen(
                Row.IDLE_CONNECTIONS,
                "idle_connections_by_the_thousand_change_nothing_for_others",
                "a call took " + alone.get(25) + " ms alone and " + among.get(25) + " ms among 1,000 idle connections"
                        + " (medians of 50; the longest " + among.get(49) + " ms)");
    }

    private List<Long> calls(int count) {
        return Stream.generate(System::nanoTime)
                .limit(count)
                .peek(began ->
                        assertThat(gateway.post(PATH, WHOLE).statusCode()).isEqualTo(200))
                .map(CallerFaultsIT::millisSince)
                .sorted()
                .toList();
    }

    private void awaitUpstream(int requests) {
        Eventually.within(LONG, "the call is upstream", () -> upstream.requests() >= requests);
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long buffers() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
