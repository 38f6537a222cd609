package io.mlflowgateway.server.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the request bodies of all callers together may hold, so that many large ones are refused one by one in place of
 * exhausting the heap for everybody. Safe from any thread.
 */
final class BodyMemory {
    private final long mostBytes;
    private final AtomicLong held = new AtomicLong();

    BodyMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** A quarter of the heap: a body on its way exists about twice, and answers need room too. */
    static BodyMemory ofThisProcess() {
        return new BodyMemory(Runtime.getRuntime().maxMemory() / 4);
    }

    /** Takes all of it or nothing. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= mostBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
