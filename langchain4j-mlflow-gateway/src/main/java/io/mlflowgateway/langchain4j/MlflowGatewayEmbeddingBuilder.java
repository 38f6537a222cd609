package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an embedding model is made of. A value set here wins over the same value in {@link #defaultRequestParameters}, and a
 * request's own value wins over both.
 *
 * @param <B> the builder itself
 */
public abstract class MlflowGatewayEmbeddingBuilder<B extends MlflowGatewayEmbeddingBuilder<B>>
        extends MlflowGatewayModelBuilder<B> {

    private static final int BATCHES_AT_ONCE = 4;
    private static final int TEXTS_PER_BATCH = 512;

    private final MlflowGatewayEmbeddingRequestParameters.Builder set =
            MlflowGatewayEmbeddingRequestParameters.builder();

    private @Nullable EmbeddingRequestParameters defaults;
    private @Nullable Integer maxSegmentsPerBatch;
    private @Nullable Integer maxConcurrentBatches;
    private @Nullable List<EmbeddingModelListener> listeners;

    /** For the builders of this package. */
    MlflowGatewayEmbeddingBuilder() {}

    /**
     * Parameters of every request that does not bring its own.
     *
     * @param parameters common ones or {@link MlflowGatewayEmbeddingRequestParameters}
     * @return this builder
     */
    public B defaultRequestParameters(@Nullable EmbeddingRequestParameters parameters) {
        this.defaults = parameters;
        return self();
    }

    /**
     * The length of the vectors. Sent as {@code dimensions}, and what {@code dimension()} says without a call.
     *
     * @param dimensions at least 1
     * @return this builder
     */
    public B dimensions(@Nullable Integer dimensions) {
        set.dimensions(dimensions);
        return self();
    }

    /**
     * What texts are for, where the provider encodes queries and documents differently. Sent as {@code input_type},
     * {@code query} or {@code document}; for a provider with other words put {@code input_type} among {@link
     * #customParameters}, which win.
     *
     * @param inputType null to send none
     * @return this builder
     */
    public B inputType(@Nullable EmbeddingInputType inputType) {
        set.inputType(inputType);
        return self();
    }

    /**
     * Who is asking, for the provider's abuse watch.
     *
     * @param user any name
     * @return this builder
     */
    public B user(@Nullable String user) {
        set.user(user);
        return self();
    }

    /**
     * How many texts are sent in one call; more are split.
     *
     * @param maxSegmentsPerBatch at least 1. Default: 512
     * @return this builder
     */
    public B maxSegmentsPerBatch(@Nullable Integer maxSegmentsPerBatch) {
        this.maxSegmentsPerBatch = maxSegmentsPerBatch;
        return self();
    }

    /**
     * How many of the calls one request is split into are on their way at once.
     *
     * @param maxConcurrentBatches at least 1. Default: 4
     * @return this builder
     */
    public B maxConcurrentBatches(@Nullable Integer maxConcurrentBatches) {
        this.maxConcurrentBatches = maxConcurrentBatches;
        return self();
    }

    /**
     * More fields for the body of every request. They win over fields of the same name.
     *
     * @param customParameters JSON-like values; copied
     * @return this builder
     */
    public B customParameters(@Nullable Map<String, Object> customParameters) {
        set.customParameters(customParameters);
        return self();
    }

    /**
     * Who is told about requests, answers and failures.
     *
     * @param listeners copied
     * @return this builder
     */
    public B listeners(@Nullable List<EmbeddingModelListener> listeners) {
        this.listeners = listeners == null ? null : List.copyOf(listeners);
        return self();
    }

    /**
     * Who is told about requests, answers and failures.
     *
     * @param listeners copied
     * @return this builder
     */
    public B listeners(EmbeddingModelListener @Nullable ... listeners) {
        return listeners(listeners == null ? null : List.of(listeners));
    }

    final MlflowGatewayEmbeddingRequestParameters requestParameters() {
        return MlflowGatewayEmbeddingRequestParameters.EMPTY
                .overrideWith(defaults)
                .overrideWith(set.build())
                .overrideWith(MlflowGatewayEmbeddingRequestParameters.builder()
                        .route(routeName())
                        .build());
    }

    final int batchSize() {
        return atLeastOne("maxSegmentsPerBatch", maxSegmentsPerBatch, TEXTS_PER_BATCH);
    }

    final int batchesAtOnce() {
        return atLeastOne("maxConcurrentBatches", maxConcurrentBatches, BATCHES_AT_ONCE);
    }

    final List<EmbeddingModelListener> embeddingListeners() {
        return listeners == null ? List.of() : listeners;
    }

    private static int atLeastOne(String name, @Nullable Integer wanted, int otherwise) {
        int number = wanted == null ? otherwise : wanted;
        if (number < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + number);
        }
        return number;
    }
}
