package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayEmbeddingModelBuilderFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

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
 */
public class MlflowGatewayEmbeddingModel extends DimensionAwareEmbeddingModel {

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayEmbeddingModel(MlflowGatewayEmbeddingModelBuilder builder) {}

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        throw new UnsupportedOperationException("being built");
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
            extends MlflowGatewayModelBuilder<MlflowGatewayEmbeddingModelBuilder> {

        private @Nullable Integer dimensions;
        private @Nullable String user;
        private @Nullable Integer maxSegmentsPerBatch;
        private @Nullable Map<String, Object> customParameters;
        private @Nullable List<EmbeddingModelListener> listeners;

        /** Use {@link MlflowGatewayEmbeddingModel#builder()}; public so that it can be extended. */
        public MlflowGatewayEmbeddingModelBuilder() {}

        /**
         * The length of the vectors. Sent as {@code dimensions}, and what {@link #dimension()} says without a call.
         *
         * @param dimensions at least 1
         * @return this builder
         */
        public MlflowGatewayEmbeddingModelBuilder dimensions(@Nullable Integer dimensions) {
            this.dimensions = dimensions;
            return this;
        }

        /**
         * Who is asking, for the provider's abuse watch.
         *
         * @param user any name
         * @return this builder
         */
        public MlflowGatewayEmbeddingModelBuilder user(@Nullable String user) {
            this.user = user;
            return this;
        }

        /**
         * How many texts are sent in one request; more are split.
         *
         * @param maxSegmentsPerBatch at least 1. Default: 512
         * @return this builder
         */
        public MlflowGatewayEmbeddingModelBuilder maxSegmentsPerBatch(@Nullable Integer maxSegmentsPerBatch) {
            this.maxSegmentsPerBatch = maxSegmentsPerBatch;
            return this;
        }

        /**
         * More fields for the body of every request. They win over fields of the same name.
         *
         * @param customParameters JSON-like values; copied
         * @return this builder
         */
        public MlflowGatewayEmbeddingModelBuilder customParameters(@Nullable Map<String, Object> customParameters) {
            this.customParameters = customParameters == null ? null : new LinkedHashMap<>(customParameters);
            return this;
        }

        /**
         * Who is told about requests, answers and failures.
         *
         * @param listeners copied
         * @return this builder
         */
        public MlflowGatewayEmbeddingModelBuilder listeners(@Nullable List<EmbeddingModelListener> listeners) {
            this.listeners = listeners == null ? null : List.copyOf(listeners);
            return this;
        }

        /**
         * Who is told about requests, answers and failures.
         *
         * @param listeners copied
         * @return this builder
         */
        public MlflowGatewayEmbeddingModelBuilder listeners(EmbeddingModelListener @Nullable ... listeners) {
            return listeners(listeners == null ? null : List.of(listeners));
        }

        /** {@return what was described} */
        public MlflowGatewayEmbeddingModel build() {
            return new MlflowGatewayEmbeddingModel(this);
        }
    }
}
