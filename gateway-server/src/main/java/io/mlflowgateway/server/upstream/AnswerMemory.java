package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.MemoryCap;

/** What the answers of all upstreams together may hold, and what of it each has. Safe from any thread. */
final class AnswerMemory {
    /** So little weighs no more than the exchange it belongs to, and is not counted. */
    static final int UNCOUNTED = 16 * 1024;

    /** An answer exists so often until it is handed on: as it came, in parts or as what is made of it, and as that is sent. */
    private static final int TIMES = 3;

    private final MemoryCap cap;

    AnswerMemory(MemoryCap cap) {
        this.cap = cap;
    }

    static AnswerMemory ofThisProcess() {
        return new AnswerMemory(MemoryCap.ofThisProcess());
    }

    long held() {
        return cap.held();
    }

    Share share() {
        return new Share();
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
            if (released || !cap.take(more)) {
                throw Failure.of(
                                Failure.Kind.UNAVAILABLE,
                                "too many large answers of providers at once; try again in a moment")
                        .retryAfter("1");
            }
            bytes += more;
        }

        /** Holds a whole answer of so many bytes and what is made of it; one that is alone is never refused for that. */
        void holdForHandingOn(int length) {
            hold(Math.max(length, Math.min((long) TIMES * length, cap.mostBytes())));
        }

        /** Holds at most so much from now on. */
        synchronized void keep(long most) {
            long less = bytes - counted(most);
            if (less > 0) {
                cap.giveBack(less);
                bytes -= less;
            }
        }

        private static long counted(long size) {
            return size > UNCOUNTED ? size : 0;
        }

        /** Holds nothing any more, for good. A second call does nothing. */
        synchronized void release() {
            released = true;
            cap.giveBack(bytes);
            bytes = 0;
        }
    }
}
