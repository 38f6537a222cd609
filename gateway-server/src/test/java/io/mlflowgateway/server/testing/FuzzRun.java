package io.mlflowgateway.server.testing;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Tries inputs for a while: first every known one as it is, then made ones. Prints its seed; {@code -Dfuzz.seed=N} takes
 * another, {@code -Dfuzz.seconds=N} another time. The first failure ends it and shows the input.
 */
public final class FuzzRun {
    private static final long SEED = 20_261_121;

    /** Tries one input; what it throws is the failure. */
    @FunctionalInterface
    public interface Check {
        void accept(byte[] input, SplittableRandom random) throws Exception;
    }

    private final String name;
    private final Duration time;
    private final long seed = Long.getLong("fuzz.seed", SEED);
    private final AtomicLong tried = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** @param name of what is tried, for the failure */
    public FuzzRun(String name, Duration time) {
        this.name = name;
        this.time = Duration.ofSeconds(Long.getLong("fuzz.seconds", time.toSeconds()));
        System.out.println("fuzz " + name + ": seed " + seed + ", " + this.time.toSeconds() + " s");
    }

    private FuzzRun() {
        this.name = "to warm up";
        this.time = Duration.ofSeconds(2);
    }

    /** Two seconds in which classes are loaded and pools filled, before what is held is measured. */
    public static FuzzRun warmUp() {
        return new FuzzRun();
    }

    /**
     * Tries them, on several threads at once.
     *
     * @return how many inputs were tried
     */
    public long run(int threads, List<byte[]> known, Function<SplittableRandom, byte[]> made, Check check) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (byte[] input : known) {
            attempt(input, seeds.split(), check);
        }
        long end = System.nanoTime() + time.toNanos();
        CountDownLatch over = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            SplittableRandom random = seeds.split();
            Thread thread = new Thread(() -> work(end, random, made, check, over), "fuzz-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        await(over);
        if (failure.get() != null) {
            throw new AssertionError(String.valueOf(failure.get().getMessage()), failure.get());
        }
        return tried.get();
    }

    private void work(
            long end,
            SplittableRandom random,
            Function<SplittableRandom, byte[]> made,
            Check check,
            CountDownLatch over) {
        while (System.nanoTime() - end < 0 && failure.get() == null) {
            SplittableRandom forThis = random.split();
            attempt(made.apply(forThis), forThis, check);
        }
        over.countDown();
    }

    private void attempt(byte[] input, SplittableRandom random, Check check) {
        try {
            check.accept(input, random);
            tried.incrementAndGet();
        } catch (Throwable thrown) {
            String shown = "fuzz " + name + ", seed " + seed + ", failed on this input:\n" + FuzzInputs.shown(input);
            failure.compareAndSet(null, new AssertionError(shown + "\n" + thrown, thrown));
        }
    }

    private void await(CountDownLatch over) {
        try {
            if (!over.await(time.toSeconds() + 120, TimeUnit.SECONDS)) {
                throw new AssertionError("fuzz " + name + " hangs", failure.get());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
