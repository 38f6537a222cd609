package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.internal.Embeddings;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayEmbeddingModelBuilderFactory;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An embedding model that answers through an embeddings route of a gateway.
 *
 * <pre>{@code
 * EmbeddingModel model = MlflowGatewayEmbeddingModel.builder()
 *         .baseUrl("http://127.0.0.1:5000")
 *         .route("embeddings")
 *         .build();
 * Embedding embedding = model.embed("Hello").content();
 * }</pre>
 *
 * <p>Many texts are split into calls, some of which are on their way at once; vectors come back in the texts' order. When
 * one of the calls fails the request fails, and the others are cancelled.
 */
public class MlflowGatewayEmbeddingModel extends DimensionAwareEmbeddingModel {

    private final MlflowGatewayEmbeddingRequestParameters defaults;
    private final int batchSize;
    private final int batchesAtOnce;
    private final List<EmbeddingModelListener> listeners;
    private final Embeddings embeddings;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayEmbeddingModel(MlflowGatewayEmbeddingModelBuilder builder) {
        this.defaults = builder.requestParameters();
        this.batchSize = builder.batchSize();
        this.batchesAtOnce = builder.batchesAtOnce();
        this.listeners = builder.embeddingListeners();
        this.embeddings = new Embeddings(builder.connection());
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return Blocking.await(answer(request));
    }

    /**
     * Embeds without blocking. On LangChain4j 1.20 this is what {@code embedAsync} calls; before, prefer {@link #embedMono}.
     *
     * @param request complete, as {@code embed} makes it; no listener is told
     * @return the response or the failure; cancelling it cancels the calls under way and closes their connections
     */
    public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
        return answer(request).toFuture();
    }

    /**
     * Embeds without blocking: {@code embed} for reactive callers, with the same checks and listeners. Nothing happens
     * before a subscription, and each makes calls of its own. Cancelling closes their connections; listeners are then told
     * neither of an answer nor of a failure.
     *
     * @param request what is embedded
     * @return the response, on a thread of the client that must not be blocked
     */
    public Mono<EmbeddingResponse> embedMono(EmbeddingRequest request) {
        return Mono.defer(() -> {
            EmbeddingRequest complete = EmbeddingChecks.complete(this, request);
            return new EmbeddingListening(this, complete).over(answer(complete));
        });
    }

    private Mono<EmbeddingResponse> answer(EmbeddingRequest request) {
        return Mono.defer(() -> {
            MlflowGatewayEmbeddingRequestParameters parameters = defaults.overrideWith(request.parameters());
            RouteCall call = parameters.call();
            Map<String, Object> fields = parameters.fields();
            List<String> texts =
                    request.inputs().stream().map(EmbeddingInput::text).toList();
            return Flux.fromIterable(texts)
                    .buffer(batchSize)
                    .flatMapSequential(batch -> embeddings.embed(call, batch, fields), batchesAtOnce)
                    .collectList()
                    .map(answers -> Answers.embeddings(answers, call.route()));
        });
    }

    @Override
    public MlflowGatewayEmbeddingRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return MlflowGatewayEmbeddingRequestParameters.SUPPORTED;
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return listeners;
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    @Override
    public String modelName() {
        return defaults.modelName() == null ? "unknown" : defaults.modelName();
    }

    @Override
    protected @Nullable Integer knownDimension() {
        return defaults.dimensions();
    }

    /** {@return a builder, from a registered factory if there is one} */
    public static MlflowGatewayEmbeddingModelBuilder builder() {
        return ServiceLoader.load(MlflowGatewayEmbeddingModelBuilderFactory.class)
                .findFirst()
                .map(MlflowGatewayEmbeddingModelBuilderFactory::get)
                .orElseGet(MlflowGatewayEmbeddingModelBuilder::new);
    }

    /** Builds it. */
    public static class MlflowGatewayEmbeddingModelBuilder
            extends MlflowGatewayEmbeddingBuilder<MlflowGatewayEmbeddingModelBuilder> {

        /** Use {@link MlflowGatewayEmbeddingModel#builder()}; public so that it can be extended. */
        public MlflowGatewayEmbeddingModelBuilder() {}

        /** {@return what was described} */
        public MlflowGatewayEmbeddingModel build() {
            return new MlflowGatewayEmbeddingModel(this);
        }
    }
}
