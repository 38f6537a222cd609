package io.mlflowgateway.langchain4j.internal;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Cancels a stream and fails it when something else happens. Reactor's {@code takeUntilOther} fails the stream without
 * cancelling what it came from, which would leave connections open.
 *
 * @param <T> what is streamed
 */
final class CutOff<T> extends FluxOperator<T, T> {

    private final Mono<Throwable> reason;

    private CutOff(Flux<T> source, Mono<Throwable> reason) {
        super(source);
        this.reason = reason;
    }

    /** The stream, ended by a failure as soon as there is one. */
    static <T> Flux<T> of(Flux<T> source, Mono<Throwable> reason) {
        return new CutOff<>(source, reason);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new Cuttable<>(Operators.serialize(actual), reason));
    }

    private static final class Cuttable<T> implements CoreSubscriber<T>, Subscription {

        private final CoreSubscriber<? super T> actual;
        private final Mono<Throwable> reason;
        private final Disposable.Swap watching = Disposables.swap();
        private volatile Subscription upstream = Operators.emptySubscription();

        Cuttable(CoreSubscriber<? super T> actual, Mono<Throwable> reason) {
            this.actual = actual;
            this.reason = reason;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
            watching.replace(reason.subscribe(this::cut));
        }

        private void cut(Throwable failure) {
            upstream.cancel();
            actual.onError(failure);
        }

        @Override
        public void onNext(T item) {
            actual.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            watching.dispose();
            actual.onError(failure);
        }

        @Override
        public void onComplete() {
            watching.dispose();
            actual.onComplete();
        }

        @Override
        public void request(long more) {
            upstream.request(more);
        }

        @Override
        public void cancel() {
            watching.dispose();
            upstream.cancel();
        }
    }
}
