package io.mlflowgateway.langchain4j.internal;

import java.util.Objects;
import java.util.concurrent.Flow;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * A stream for the JDK's kind of subscriber. One that throws from a signal has broken the rules: its subscription is
 * cancelled, and it is told nothing more, as LangChain4j 1.20 asks.
 *
 * @param <T> what is streamed
 */
public final class GuardedFlow<T> implements Flow.Publisher<T> {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedFlow.class);

    private final Flux<T> source;

    /**
     * Nothing happens before a subscription.
     *
     * @param source subscribed to once for each subscriber
     */
    public GuardedFlow(Flux<T> source) {
        this.source = source;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        source.subscribe(new Guard<>(Objects.requireNonNull(subscriber)));
    }

    /** Not one of Reactor's own subscribers: those are trusted to ask for more than nothing. */
    private static final class Guard<T> implements Subscriber<T> {

        private final Flow.Subscriber<? super T> subscriber;
        private volatile boolean broken;
        private volatile Subscription upstream = new None();

        Guard(Flow.Subscriber<? super T> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            guarded(() -> subscriber.onSubscribe(new Bridge(subscription)));
        }

        @Override
        public void onNext(T item) {
            guarded(() -> subscriber.onNext(item));
        }

        @Override
        public void onError(Throwable failure) {
            guarded(() -> subscriber.onError(failure));
        }

        @Override
        public void onComplete() {
            guarded(subscriber::onComplete);
        }

        private void guarded(Runnable signal) {
            if (broken) {
                return;
            }
            try {
                signal.run();
            } catch (Throwable thrown) {
                broken = true;
                upstream.cancel();
                LOG.warn("A subscriber threw; its subscription is cancelled", thrown);
            }
        }
    }

    private record Bridge(Subscription subscription) implements Flow.Subscription {
        @Override
        public void request(long more) {
            subscription.request(more);
        }

        @Override
        public void cancel() {
            subscription.cancel();
        }
    }

    private static final class None implements Subscription {

        @Override
        public void request(long more) {
            // Nothing has begun.
        }

        @Override
        public void cancel() {
            // Nothing has begun.
        }
    }
}
