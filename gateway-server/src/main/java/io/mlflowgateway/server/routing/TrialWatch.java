package io.mlflowgateway.server.routing;

import io.mlflowgateway.server.query.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.observability.DefaultSignalListener;

/** Tells a trial what becomes of its attempt. One for each subscription. */
final class TrialWatch<T> extends DefaultSignalListener<T> {
    private final Trial trial;
    private final Runnable whenAnswered;
    private final Function<Failure, Optional<Duration>> retryAfter;
    private boolean answered;

    /**
     * @param whenAnswered runs once, before the first piece or the whole answer is handed on
     * @param retryAfter how long a failure says its target wants to be left alone
     */
    TrialWatch(Trial trial, Runnable whenAnswered, Function<Failure, Optional<Duration>> retryAfter) {
        this.trial = trial;
        this.whenAnswered = whenAnswered;
        this.retryAfter = retryAfter;
    }

    @Override
    public void doOnNext(T piece) {
        if (!answered) {
            answered();
        }
    }

    private void answered() {
        answered = true;
        trial.answered();
        whenAnswered.run();
    }

    @Override
    public void doOnComplete() {
        if (!answered) {
            answered();
        }
        trial.ended();
    }

    @Override
    public void doOnError(Throwable thrown) {
        if (thrown instanceof Failure failure) {
            trial.failed(failure, retryAfter.apply(failure));
        } else {
            trial.left();
        }
    }

    @Override
    public void doOnCancel() {
        trial.left();
    }
}
