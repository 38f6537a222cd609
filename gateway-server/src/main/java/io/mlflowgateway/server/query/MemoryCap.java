package io.mlflowgateway.server.query;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What bodies of one kind, those of all callers or those of all upstreams, may hold together, so that many large ones
 * are refused one by one in place of exhausting the heap for everybody. Safe from any thread.
 */
public final class MemoryCap {
    private final long mostBytes;
    private final AtomicLong held = new AtomicLong();

    /** @param mostBytes held at once */
    public MemoryCap(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** A quarter of the heap: requests have one and answers another, and what is made of them needs room too. */
    public static MemoryCap ofThisProcess() {
        return new MemoryCap(Runtime.getRuntime().maxMemory() / 4);
    }

    /**
     * Does what may need much. Where the heap does not have it, the call is refused: Reactor hands an error of the virtual
     * machine to nobody, and the caller would wait for an answer that never comes.
     *
     * @throws Failure 503 when there is too little memory
     */
    public static <T> T orRefuse(Supplier<T> work) {
        try {
            return work.get();
        } catch (OutOfMemoryError e) {
            throw Failure.of(Failure.Kind.UNAVAILABLE, "too little memory for this answer; try again in a moment", e)
                    .retryAfter("1");
        }
    }

    /** Takes all of it or nothing. */
    public boolean take(long bytes) {
        if (held.addAndGet(bytes) <= mostBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Gives back what was taken. */
    public void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    /** What is held now, in bytes. */
    public long held() {
        return held.get();
    }

    /** What may be held, in bytes. */
    public long mostBytes() {
        return mostBytes;
    }
}
