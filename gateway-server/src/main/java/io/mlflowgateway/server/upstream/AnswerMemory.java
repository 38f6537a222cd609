package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Failure;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the answers of all upstreams together may hold, so that many large ones are refused one by one in place of
 * exhausting the heap for everybody. Safe from any thread.
 */
final class AnswerMemory {
    /** So little weighs no more than the exchange it belongs to, and is not counted. */
    static final int UNCOUNTED = 16 * 1024;

    /** An answer exists so often until it is handed on: as it came, in parts or as what is made of it, and as that is sent. */
    private static final int TIMES = 3;

    private final long mostBytes;
    private final AtomicLong held = new AtomicLong();

    AnswerMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** A quarter of the heap: requests may have another, and what is made of an answer on its way needs room too. */
    static AnswerMemory ofThisProcess() {
        return new AnswerMemory(Runtime.getRuntime().maxMemory() / 4);
    }

    long held() {
        return held.get();
    }

    Share share() {
        return new Share();
    }

    /** All of it or nothing. */
    private boolean take(long bytes) {
        if (held.addAndGet(bytes) <= mostBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** What one answer holds. */
    final class Share {
        private long bytes;
        private boolean released;

        /**
         * Holds at least so much from now on; up to {@link #UNCOUNTED} it is nothing.
         *
         * @throws Failure when all together would hold too much, or nobody waits for the answer any more
         */
        synchronized void hold(long least) {
            long more = counted(least) - bytes;
            if (more <= 0) {
                return;
            }
            if (released || !take(more)) {
                throw Failure.of(
                                Failure.Kind.UNAVAILABLE,
                                "too many large answers of providers at once; try again in a moment")
                        .retryAfter("1");
            }
            bytes += more;
        }

        /** Holds a whole answer of so many bytes and what is made of it; one that is alone is never refused for that. */
        void holdForHandingOn(int length) {
            hold(Math.max(length, Math.min((long) TIMES * length, mostBytes)));
        }

        /** Holds at most so much from now on. */
        synchronized void keep(long most) {
            long less = bytes - counted(most);
            if (less > 0) {
                held.addAndGet(-less);
                bytes -= less;
            }
        }

        private static long counted(long size) {
            return size > UNCOUNTED ? size : 0;
        }

        /** Holds nothing any more, for good. A second call does nothing. */
        synchronized void release() {
            released = true;
            held.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
