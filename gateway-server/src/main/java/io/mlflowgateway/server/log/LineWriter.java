package io.mlflowgateway.server.log;

import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes lines from any thread without a lock, and writes them on a daemon thread of its own. When whoever reads the sink
 * does not keep up, what does not fit is dropped and counted, and a line says how many once the sink takes more.
 *
 * <p>A line becomes text where it is said, on a sheet of that thread's own: what it is made of is still in the cache of
 * that core, and threads that log at the same time share nothing.
 */
final class LineWriter implements AutoCloseable {
    /** So often the writer goes round while lines come, and nobody has to wake it. */
    private static final long NAP_NANOS = Duration.ofMillis(20).toNanos();

    private static final int NAPS_UNTIL_SLEEP = 50;
    private static final long BETWEEN_COUNTS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Desks desks;
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closing;

    // Of the writer's thread alone.
    private final Batch batch;
    private int naps;
    private long droppedTold;
    private long toldAt = System.nanoTime() - BETWEEN_COUNTS_NANOS;

    /** @param sink not closed here; may block */
    LineWriter(OutputStream sink, Forms forms) {
        this.desks = new Desks(forms);
        this.batch = new Batch(sink, dropped);
        this.thread = new Thread(this::run, "log");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Never waits. */
    void take(Line line) {
        if (desks.write(line)) {
            wake();
        } else {
            dropped.increment();
        }
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
            desks.collect(batch);
            boolean moving = batch.write() | tellOfDropped();
            more = moving || !last;
            rest(moving);
        }
    }

    /** Whether there was something to tell. */
    private boolean tellOfDropped() {
        long count = dropped.sum() - droppedTold;
        boolean toldLately = !closing && System.nanoTime() - toldAt < BETWEEN_COUNTS_NANOS;
        if (count == 0 || toldLately || !batch.sinkTakes()) {
            return false;
        }
        droppedTold += count;
        toldAt = System.nanoTime();
        take(Line.own(System.currentTimeMillis(), count + " lines are missing here: the log was not read fast enough"));
        return true;
    }

    private void rest(boolean moving) {
        naps = moving ? 0 : naps + 1;
        if (closing) {
            return;
        }
        if (naps < NAPS_UNTIL_SLEEP || (batch.sinkTakes() && dropped.sum() != droppedTold)) {
            LockSupport.parkNanos(this, NAP_NANOS);
            return;
        }
        asleep.set(true);
        while (asleep.get() && desks.areEmpty() && !closing) {
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
