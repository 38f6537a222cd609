package io.mlflowgateway.server.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes lines from any thread without a lock, and writes them on a daemon thread of its own. When whoever reads the sink
 * does not keep up, what does not fit is dropped and counted, and a line says how many once the sink takes more.
 */
final class LineWriter implements AutoCloseable {
    /** Characters that wait at most, all lines together. */
    static final long MOST_CHARS = 4L * 1024 * 1024;

    private static final int BATCH_CHARS = 32 * 1024;

    /** While lines come, the writer looks for them so often and nobody has to wake it. */
    private static final long NAP_NANOS = Duration.ofMillis(20).toNanos();

    private static final int NAPS_UNTIL_SLEEP = 50;
    private static final long BETWEEN_COUNTS_NANOS = Duration.ofSeconds(1).toNanos();

    private final OutputStream sink;
    private final Queue<Line> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong held = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Thread thread;
    private volatile LineForm form;
    private volatile boolean closing;

    // Of the writer's thread alone.
    private final StringBuilder batch = new StringBuilder();
    private int linesInBatch;
    private long weightOfBatch;
    private boolean sinkTakes = true;
    private int naps;
    private long droppedTold;
    private long toldAt = System.nanoTime() - BETWEEN_COUNTS_NANOS;

    /** @param sink not closed here; may block */
    LineWriter(OutputStream sink, LineForm form) {
        this.sink = sink;
        this.form = form;
        this.thread = new Thread(this::run, "log");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** From now on lines look so. */
    void form(LineForm next) {
        form = next;
    }

    /** Never waits. */
    void take(Line line) {
        if (held.addAndGet(line.weight()) > MOST_CHARS) {
            held.addAndGet(-line.weight());
            dropped.increment();
            return;
        }
        waiting.add(line);
        wake();
    }

    /** Lines that were not written, and will not be. */
    long dropped() {
        return dropped.sum();
    }

    /** Whether the next line has to wake the writer. */
    boolean isAsleep() {
        return asleep.get();
    }

    private void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        boolean more = true;
        while (more) {
            // Asked first: what was taken before the end is written.
            boolean last = closing;
            Line line = waiting.poll();
            if (line != null) {
                naps = 0;
                weightOfBatch += line.weight();
                dropped.add(add(line) ? 0 : 1);
            }
            if (line == null || batch.length() > BATCH_CHARS) {
                // Once for many lines: whoever logs counts here, too.
                held.addAndGet(-weightOfBatch);
                weightOfBatch = 0;
            }
            if (batch.length() > (line == null ? 0 : BATCH_CHARS)) {
                write();
            } else if (line == null && !tellOfDropped()) {
                more = !last;
                rest();
            }
        }
    }

    private boolean add(Line line) {
        int start = batch.length();
        try {
            form.write(line, batch);
            linesInBatch++;
            return true;
        } catch (RuntimeException | LinkageError | VirtualMachineError bug) {
            // A line that cannot be written must not be the last one.
            batch.setLength(start);
            return false;
        }
    }

    private void write() {
        byte[] bytes = batch.toString().getBytes(StandardCharsets.UTF_8);
        batch.setLength(0);
        try {
            sink.write(bytes);
            sink.flush();
            sinkTakes = true;
        } catch (IOException e) {
            // The reader is gone. There is nowhere left to say so.
            dropped.add(linesInBatch);
            sinkTakes = false;
        }
        linesInBatch = 0;
        tellOfDropped();
    }

    /** Whether there was something to tell. */
    private boolean tellOfDropped() {
        long count = dropped.sum() - droppedTold;
        boolean toldLately = !closing && System.nanoTime() - toldAt < BETWEEN_COUNTS_NANOS;
        if (count == 0 || toldLately || !sinkTakes) {
            return false;
        }
        droppedTold += count;
        toldAt = System.nanoTime();
        return add(Line.own(
                System.currentTimeMillis(), count + " lines are missing here: the log was not read fast enough"));
    }

    private void rest() {
        if (closing) {
            return;
        }
        if (naps < NAPS_UNTIL_SLEEP || (sinkTakes && dropped.sum() != droppedTold)) {
            naps++;
            LockSupport.parkNanos(this, NAP_NANOS);
            return;
        }
        asleep.set(true);
        while (asleep.get() && waiting.isEmpty() && !closing) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    /** Writes what waits, for at most two seconds; what has not been read by then is lost. */
    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }

    void close(Duration atMost) {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(atMost.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
