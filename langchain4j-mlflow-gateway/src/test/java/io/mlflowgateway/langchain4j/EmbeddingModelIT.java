package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.DefaultEmbeddingRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.mlflowgateway.langchain4j.failure.GatewayInvalidRequestException;
import io.mlflowgateway.langchain4j.failure.GatewayTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** What an embedding model does besides what {@link ModelsIT} shows. */
class EmbeddingModelIT {

    private static final String ONE = "{\"model\":\"m\",\"data\":[{\"index\":0,\"embedding\":[1]}],"
            + "\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1,\"cost\":0.5}}";

    @Test
    void every_parameter_of_a_request_reaches_its_route() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, ONE))) {
            MlflowGatewayEmbeddingModel model =
                    model(gateway).dimensions(9).user("model").build();

            model.embed(EmbeddingRequest.builder()
                    .input("one")
                    .parameters(MlflowGatewayEmbeddingRequestParameters.builder()
                            .route("other")
                            .dimensions(4)
                            .inputType(EmbeddingInputType.DOCUMENT)
                            .customHeaders(Map.of("X-Tenant", "t1"))
                            .customParameters(Map.of("truncate", "END"))
                            .build())
                    .build());

            StubGateway.Seen call = gateway.calls().get(0);
            assertThat(call.path()).isEqualTo("/endpoints/other/invocations");
            assertThat(call.headers()).containsEntry("X-Tenant", "t1");
            assertThat(Fixtures.parse(call.body()))
                    .isEqualTo(Fixtures.parse("{\"input\":[\"one\"],\"dimensions\":4,\"input_type\":\"document\","
                            + "\"user\":\"model\",\"truncate\":\"END\"}"));
        }
    }

    @Test
    void what_is_not_supported_is_refused_before_any_call() throws Exception {
        EmbeddingParameter<String> foreign = new EmbeddingParameter<>("foreign.thing", String.class);
        EmbeddingRequest parameter = EmbeddingRequest.builder()
                .input("one")
                .parameters(DefaultEmbeddingRequestParameters.builder()
                        .set(foreign, "x")
                        .build())
                .build();
        EmbeddingRequest content = EmbeddingRequest.builder()
                .inputs(List.of(EmbeddingInput.from(
                        TextContent.from("one"), ImageContent.from("https://images.example/cat.png"))))
                .build();

        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, ONE))) {
            MlflowGatewayEmbeddingModel model = model(gateway).build();

            assertThatThrownBy(() -> model.embed(parameter))
                    .isExactlyInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("foreign.thing");
            assertThatThrownBy(() -> model.embedMono(parameter).toFuture().join())
                    .hasCauseExactlyInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("foreign.thing");
            assertThatThrownBy(() -> model.embedMono(content).toFuture().join())
                    .hasCauseExactlyInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("IMAGE");
            assertThat(gateway.seen()).isEmpty();
        }
    }

    @Test
    void batches_run_at_once_up_to_the_bound_and_tell_all_their_usage() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        try (StubGateway gateway = deployments((request, wire) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            three.countDown();
            three.await(10, TimeUnit.SECONDS);
            running.decrementAndGet();
            wire.json(200, ONE, "X-Request-Id: r", "X-Gateway-Provider: openai");
        })) {
            EmbeddingResponse response = model(gateway)
                    .maxSegmentsPerBatch(1)
                    .maxConcurrentBatches(3)
                    .build()
                    .embed(request(12));

            assertThat(most).hasValue(3);
            assertThat(response.embeddings()).hasSize(12);
            MlflowGatewayEmbeddingResponseMetadata metadata =
                    (MlflowGatewayEmbeddingResponseMetadata) response.metadata();
            assertThat(metadata.requestIds()).hasSize(12).containsOnly("r");
            assertThat(metadata.provider()).isEqualTo("openai");
            assertThat(metadata.servedModel()).isEqualTo("m");
            assertThat(metadata.tokenUsage().inputTokenCount()).isEqualTo(12);
            assertThat(((MlflowGatewayTokenUsage) metadata.tokenUsage()).cost()).hasToString("6 USD");
        }
    }

    @Test
    void a_failing_batch_fails_the_request_and_cancels_the_others() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        CountDownLatch otherRuns = new CountDownLatch(1);
        try (StubGateway gateway = deployments((request, wire) -> {
            if (request.body().contains("\"0\"")) {
                otherRuns.countDown();
                wire.awaitClient(cancelled);
            } else {
                otherRuns.await(10, TimeUnit.SECONDS);
                wire.json(400, "{\"detail\":\"no\"}");
            }
        })) {
            MlflowGatewayEmbeddingModel model = model(gateway)
                    .maxSegmentsPerBatch(1)
                    .maxConcurrentBatches(2)
                    .build();

            assertThatThrownBy(() -> model.embed(request(10))).isInstanceOf(GatewayInvalidRequestException.class);

            StubGateway.soon(cancelled);
            assertThat(gateway.calls()).hasSize(2);
        }
    }

    @Test
    void a_request_has_one_time_for_all_its_batches() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.hold())) {
            EmbeddingRequest hurried = EmbeddingRequest.builder()
                    .inputs(List.of(EmbeddingInput.from("0"), EmbeddingInput.from("1")))
                    .parameters(MlflowGatewayEmbeddingRequestParameters.builder()
                            .timeout(Duration.ofMillis(300))
                            .build())
                    .build();

            long began = System.nanoTime();
            assertThatThrownBy(() -> model(gateway)
                            .maxSegmentsPerBatch(1)
                            .maxConcurrentBatches(1)
                            .build()
                            .embed(hurried))
                    .isInstanceOf(GatewayTimeoutException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(gateway.calls()).hasSize(1);
        }
    }

    @Test
    void cancelling_a_future_closes_the_connections_of_its_calls() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (StubGateway gateway = deployments((request, wire) -> {
            asked.countDown();
            wire.awaitClient(gone);
        })) {
            CompletableFuture<EmbeddingResponse> future = model(gateway).build().doEmbedAsync(request(1));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

            future.cancel(true);

            StubGateway.soon(gone);
            assertThat(future).isCancelled();
        }
    }

    @Test
    void listeners_hear_the_same_whether_a_thread_waits_or_not() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            if (request.body().contains("bad")) {
                wire.json(400, "{\"detail\":\"no\"}");
            } else {
                wire.json(200, ONE);
            }
        })) {
            for (boolean waits : List.of(true, false)) {
                Heard heard = new Heard();
                MlflowGatewayEmbeddingModel model =
                        model(gateway).listeners(heard, new Broken()).build();

                ask(model, "good", waits);
                ask(model, "bad", waits);

                assertThat(heard.words)
                        .as("waits: " + waits)
                        .containsExactly(
                                "asked embeddings",
                                "answered 1 seen",
                                "asked embeddings",
                                "failed GatewayInvalidRequestException seen");
            }
        }
    }

    @Test
    void a_cancelled_request_is_no_failure_to_listeners() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        Heard heard = new Heard();
        try (StubGateway gateway = deployments((request, wire) -> {
            asked.countDown();
            wire.awaitClient(gone);
        })) {
            Disposable running = model(gateway)
                    .listeners(heard)
                    .build()
                    .embedMono(request(1))
                    .subscribe();
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

            running.dispose();

            StubGateway.soon(gone);
            assertThat(heard.words).containsExactly("asked embeddings");
        }
    }

    private static void ask(MlflowGatewayEmbeddingModel model, String text, boolean waits) {
        EmbeddingRequest request = EmbeddingRequest.builder().input(text).build();
        try {
            if (waits) {
                model.embed(request);
            } else {
                model.embedMono(request).toFuture().join();
            }
        } catch (RuntimeException expected) {
            assertThat(text).isEqualTo("bad");
        }
    }

    private static EmbeddingRequest request(int texts) {
        return EmbeddingRequest.builder()
                .inputs(IntStream.range(0, texts)
                        .mapToObj(number -> EmbeddingInput.from("" + number))
                        .toList())
                .parameters(MlflowGatewayEmbeddingRequestParameters.EMPTY)
                .build();
    }

    private static MlflowGatewayEmbeddingModel.MlflowGatewayEmbeddingModelBuilder model(StubGateway gateway) {
        return MlflowGatewayEmbeddingModel.builder()
                .baseUrl(gateway.url())
                .route("embeddings")
                .maxRetries(0);
    }

    private static final class Heard implements EmbeddingModelListener {

        final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void onRequest(EmbeddingModelRequestContext context) {
            context.attributes().put("mark", "seen");
            words.add("asked " + context.embeddingRequest().parameters().modelName());
        }

        @Override
        public void onResponse(EmbeddingModelResponseContext context) {
            words.add("answered " + context.embeddingResponse().embeddings().size() + " "
                    + context.attributes().get("mark"));
        }

        @Override
        public void onError(EmbeddingModelErrorContext context) {
            words.add("failed " + context.error().getClass().getSimpleName() + " "
                    + context.attributes().get("mark"));
        }
    }

    private static final class Broken implements EmbeddingModelListener {

        @Override
        public void onRequest(EmbeddingModelRequestContext context) {
            throw new IllegalStateException("a listener's own mistake");
        }
    }
}
