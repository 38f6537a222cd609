package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Streams wait in no thread. */
class ManyStreamsIT {

    private static final int STREAMS = 200;

    @Test
    void two_hundred_streams_run_at_once_on_a_few_threads() throws Exception {
        CountDownLatch open = new CountDownLatch(STREAMS);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger texts = new AtomicInteger();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("one");
            goOn.await(30, TimeUnit.SECONDS);
            wire.says("two").stops("stop").event("[DONE]").end();
        })) {
            MlflowGatewayStreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(gateway.url())
                    .route("chat")
                    .build();
            long before = clientThreads();

            CompletableFuture<List<String>> all = Flux.range(0, STREAMS)
                    .flatMap(
                            number -> model.textFlux("Who?").doOnNext(text -> {
                                texts.incrementAndGet();
                                open.countDown();
                            }),
                            STREAMS)
                    .collectList()
                    .toFuture();
            assertThat(open.await(30, TimeUnit.SECONDS)).isTrue();
            long during = clientThreads() - before;
            long busy = busyOnceQuiet();
            goOn.countDown();

            assertThat(all.get(30, TimeUnit.SECONDS)).hasSize(2 * STREAMS);
            assertThat(busy).as("threads that wait for a stream").isZero();
            assertThat(during).as("threads for %d streams", STREAMS).isLessThan(STREAMS / 2);
            System.out.println(STREAMS + " streams at once: " + during + " threads of the client more than before, "
                    + busy + " of them busy while the streams are silent");
        }
    }

    /** How many threads are at work once all streams are silent, which the pool's own idle waits are not. */
    private static long busyOnceQuiet() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        long busy = busy();
        while (busy > 0 && System.nanoTime() < deadline) {
            new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            busy = busy();
        }
        return busy;
    }

    private static long busy() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> isOurs(thread.getKey()))
                .filter(thread -> !thread.getKey().getName().contains("SelectorManager"))
                .filter(thread -> Arrays.stream(thread.getValue())
                        .noneMatch(frame -> frame.getMethodName().equals("getTask")))
                .filter(thread -> thread.getValue().length > 0)
                .count();
    }

    private static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(ManyStreamsIT::isOurs)
                .count();
    }

    /** Of the JDK's client and of ours; not those of the stub, which has one for each connection. */
    private static boolean isOurs(Thread thread) {
        return thread.getName().matches("(HttpClient|mlflow-gateway|parallel|boundedElastic)-.*");
    }
}
