package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt at a target. Its first word decides what is thought of the target: {@link #answered}, {@link #failed} or
 * {@link #left}; a stream that was answered is over with {@link #ended}, or {@link #failed} or {@link #left} in its middle.
 * Whatever is said again or afterwards does nothing. Safe from any thread.
 */
final class Trial {
    /** What became of an attempt. */
    enum Outcome {
        /** An answer came, or the first piece of one. */
        ANSWERED,
        /** The provider refused what the caller asked for; any target would have. */
        REFUSED,
        FAILED,
        /** The caller left, another attempt was faster, or the gateway itself refused. */
        LEFT,
        /** The answer began, and failed in its middle: counted besides the answer. */
        BROKE_OFF;

        /** As metrics and the API say it. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private enum Step {
        WAITING,
        ANSWERING,
        OVER
    }

    private final TargetHealth health;
    private final Circuit.Standing pass;
    private final long beganNanos;
    private final AtomicReference<Step> step = new AtomicReference<>(Step.WAITING);

    Trial(TargetHealth health, Circuit.Standing pass, long beganNanos) {
        this.health = health;
        this.pass = pass;
        this.beganNanos = beganNanos;
    }

    /** The whole answer or the first piece came: the target is well. Under way until {@link #ended}. */
    void answered() {
        if (step.compareAndSet(Step.WAITING, Step.ANSWERING)) {
            health.answered(pass, beganNanos);
        }
    }

    /**
     * No answer came, or the rest of it did not. What the gateway refused itself, and what the provider refuses for what
     * the caller asked, is not held against the target.
     *
     * @param retryAfter how long the provider asked to be left alone
     */
    void failed(Failure failure, Optional<Duration> retryAfter) {
        Step before = end();
        if (before == Step.WAITING) {
            health.failed(pass, beganNanos, failure, retryAfter);
        } else if (before == Step.ANSWERING) {
            health.brokeOff(failure);
        }
    }

    /** The caller left, or another attempt was faster: says nothing about the target. */
    void left() {
        if (end() == Step.WAITING) {
            health.left(pass, beganNanos);
        }
    }

    /** The answer is over. Before any answer the same as {@link #left}. */
    void ended() {
        left();
    }

    private Step end() {
        Step before = step.getAndSet(Step.OVER);
        if (before != Step.OVER) {
            health.over();
        }
        return before;
    }
}
