package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Calls at a steady rate, whether or not the ones before are answered; but never more than 400 under way. */
final class SteadyCalls implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TO_WARM_UP = 500;
    private static final int MOST_UNDER_WAY = 400;

    /** One call: what to send, and what is wrong with what came of it. */
    interface Kind {
        HttpRequest request();

        /** Says what is wrong; empty for nothing. */
        Optional<String> complaint(HttpResponse<String> answer);
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(SteadyCalls::daemon);
    private final Supplier<? extends Kind> next;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final long beganNanos;
    private final AtomicLong good = new AtomicLong();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    /** @param next makes each call when its time has come; some are made before, one after the other */
    SteadyCalls(int perSecond, Supplier<? extends Kind> next) {
        this.next = next;
        for (int i = 0; i < TO_WARM_UP; i++) {
            send();
            Eventually.within(PATIENCE, "it answers", () -> underWay.get() < 8);
        }
        sent.set(0);
        beganNanos = System.nanoTime();
        clock.scheduleAtFixedRate(this::send, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "steady-calls");
        thread.setDaemon(true);
        return thread;
    }

    /** A POST of JSON. */
    static HttpRequest post(int port, String path, String json) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private void send() {
        if (underWay.get() >= MOST_UNDER_WAY) {
            return;
        }
        Kind kind = next.get();
        underWay.incrementAndGet();
        sent.incrementAndGet();
        long began = System.nanoTime();
        http.sendAsync(kind.request(), HttpResponse.BodyHandlers.ofString())
                .handle((answer, thrown) ->
                        thrown == null ? kind.complaint(answer) : Optional.of(String.valueOf(thrown)))
                .whenComplete((complaint, bug) -> ended(began, bug == null ? complaint : Optional.of(bug.toString())));
    }

    private void ended(long began, Optional<String> complaint) {
        slowestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        complaint.ifPresentOrElse(complaints::add, good::incrementAndGet);
        underWay.decrementAndGet();
    }

    long sent() {
        return sent.get();
    }

    /** How many calls a second there were in fact: fewer than wanted where the machine could not keep up. */
    long perSecond() {
        return Math.round(sent.get() * 1e9 / (System.nanoTime() - beganNanos));
    }

    long good() {
        return good.get();
    }

    Duration slowest() {
        return Duration.ofNanos(slowestNanos.get());
    }

    Queue<String> complaints() {
        return complaints;
    }

    /** Sends nothing more and waits for what is under way. */
    void stop() {
        clock.shutdown();
        Eventually.within(PATIENCE.plusSeconds(5), "every call ends", () -> underWay.get() == 0);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
