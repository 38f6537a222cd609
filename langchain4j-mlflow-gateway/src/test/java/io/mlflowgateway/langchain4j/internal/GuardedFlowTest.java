package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class GuardedFlowTest {

    @Test
    void a_subscriber_that_throws_is_cancelled_and_told_nothing_more() {
        AtomicBoolean cancelled = new AtomicBoolean();
        List<String> signals = new ArrayList<>();
        Flux<Integer> source = Flux.range(1, 5).doOnCancel(() -> cancelled.set(true));

        new GuardedFlow<>(source).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Integer item) {
                signals.add("item " + item);
                if (item == 2) {
                    throw new IllegalStateException("the subscriber's own mistake");
                }
            }

            @Override
            public void onError(Throwable failure) {
                signals.add("error");
            }

            @Override
            public void onComplete() {
                signals.add("complete");
            }
        });

        assertThat(signals).containsExactly("item 1", "item 2");
        assertThat(cancelled).isTrue();
    }
}
