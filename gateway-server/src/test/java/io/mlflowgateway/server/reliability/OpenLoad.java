package io.mlflowgateway.server.reliability;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls at a steady rate, whether earlier ones have been answered or not, and judges each answer. On a machine that
 * does not keep up the rate falls: what was missed is not sent in a burst, and at most {@value #MOST_AT_ONCE} run.
 */
final class OpenLoad implements AutoCloseable {
    /**
     * One sort of call.
     *
     * @param good whether an answer with status 200 is whole
     */
    record Sort(String name, HttpRequest request, Predicate<String> good) {}

    static final int MOST_AT_ONCE = 200;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient client;
    private final List<Sort> turns;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final long begunNanos = System.nanoTime();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    /**
     * Begins.
     *
     * @param between from one call to the next
     * @param turns sent one after the other, over and over
     */
    OpenLoad(HttpClient client, Duration between, List<Sort> turns) {
        this.client = client;
        this.turns = List.copyOf(turns);
        clock.scheduleWithFixedDelay(this::next, 0, between.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void next() {
        if (sent.get() - ended.get() >= MOST_AT_ONCE) {
            return;
        }
        Sort sort = turns.get(sent.getAndIncrement() % turns.size());
        long begun = System.nanoTime();
        client.sendAsync(sort.request(), HttpResponse.BodyHandlers.ofString())
                .whenComplete((answer, problem) -> ended(sort, begun, answer, problem));
    }

    private void ended(Sort sort, long begun, @Nullable HttpResponse<String> answer, @Nullable Throwable problem) {
        long took = System.nanoTime() - begun;
        longestNanos.accumulateAndGet(took, Math::max);
        String when = Instant.now() + " " + sort.name() + " after " + took / 1_000_000 + " ms: ";
        if (answer == null) {
            failures.add(when + problem);
        } else if (answer.statusCode() != 200 || !sort.good().test(answer.body())) {
            failures.add(when + answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
        }
        ended.incrementAndGet();
    }

    /** Sends no more. */
    void stop() {
        clock.shutdown();
    }

    /** How many calls were sent. */
    int sent() {
        return sent.get();
    }

    /** Calls sent in a second, so far. */
    double rate() {
        return sent.get() * 1e9 / (System.nanoTime() - begunNanos);
    }

    /** Whether every call that was sent has ended. */
    boolean over() {
        return clock.isShutdown() && ended.get() == sent.get();
    }

    /** From sending a call to the end of its answer, at most. */
    Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    /** Each call that failed or whose answer was not whole, and when. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
