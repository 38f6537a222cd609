package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** So many streams at once, each begun anew when it ended. */
final class SteadyStreams implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Callable<Optional<String>> stream;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** @param stream runs one stream from its beginning to its end; says what was wrong with it */
    SteadyStreams(int count, Callable<Optional<String>> stream) {
        this.stream = stream;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.incrementAndGet();
            Thread thread = new Thread(this::run, "stream-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void run() {
        while (!over) {
            long number = begun.incrementAndGet();
            long began = System.nanoTime();
            try {
                stream.call().ifPresent(complaints::add);
            } catch (Exception | AssertionError e) {
                complaints.add("stream " + number + " after " + (System.nanoTime() - began) / 1_000_000 + " ms: " + e);
            }
            ended.incrementAndGet();
        }
        running.decrementAndGet();
    }

    long ended() {
        return ended.get();
    }

    Queue<String> complaints() {
        return complaints;
    }

    /** Begins nothing more and waits for what runs. */
    void stop() {
        over = true;
        Eventually.within(PATIENCE, "every stream ends", () -> running.get() == 0);
    }

    @Override
    public void close() {
        over = true;
    }
}
