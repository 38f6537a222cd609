package io.mlflowgateway.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.internal.Embeddings;
import io.mlflowgateway.langchain4j.internal.EmbeddingsAnswer;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayEmbeddingModelBuilderFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

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

    private static final int BATCHES_AT_ONCE = 4;
    private static final int TEXTS_PER_BATCH = 512;

    private final EmbeddingRequestParameters defaults;
    private final Map<String, Object> fields;
    private final int batchSize;
    private final List<EmbeddingModelListener> listeners;
    private final Embeddings embeddings;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayEmbeddingModel(MlflowGatewayEmbeddingModelBuilder builder) {
        this.defaults = builder.requestParameters();
        this.fields = builder.fields();
        this.batchSize = builder.batchSize();
        this.listeners = builder.embeddingListeners();
        this.embeddings = new Embeddings(builder.connection());
    }

    /** Splits the texts into batches, some of which are on their way at once; vectors come back in the texts' order. */
    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        EmbeddingRequestParameters parameters = defaults.overrideWith(request.parameters());
        RouteCall call = RouteCall.to(RouteNames.required(parameters.modelName()));
        Map<String, Object> all = new LinkedHashMap<>();
        if (parameters.dimensions() != null) {
            all.put("dimensions", parameters.dimensions());
        }
        all.putAll(fields);
        List<String> texts = request.inputs().stream().map(EmbeddingInput::text).toList();
        List<EmbeddingsAnswer> answers = Blocking.await(Flux.fromIterable(texts)
                .buffer(batchSize)
                .flatMapSequential(batch -> embeddings.embed(call, batch, all), BATCHES_AT_ONCE)
                .collectList());
        return response(answers, call.route());
    }

    private static EmbeddingResponse response(List<EmbeddingsAnswer> answers, String route) {
        TokenUsage usage = null;
        List<Embedding> vectors = new ArrayList<>();
        for (EmbeddingsAnswer answer : answers) {
            answer.vectors().forEach(vector -> vectors.add(Embedding.from(vector)));
            usage = TokenUsage.sum(usage, Answers.usage(answer.usage()));
        }
        return EmbeddingResponse.builder()
                .embeddings(vectors)
                .metadata(EmbeddingResponseMetadata.builder()
                        .modelName(route)
                        .tokenUsage(usage)
                        .build())
                .build();
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return Set.of(EmbeddingRequestParameters.MODEL_NAME, EmbeddingRequestParameters.DIMENSIONS);
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
    protected Integer knownDimension() {
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

        private EmbeddingRequestParameters requestParameters() {
            return EmbeddingRequestParameters.builder()
                    .modelName(routeName())
                    .dimensions(dimensions)
                    .build();
        }

        private Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            if (user != null) {
                fields.put("user", user);
            }
            if (customParameters != null) {
                fields.putAll(customParameters);
            }
            return fields;
        }

        private int batchSize() {
            int size = maxSegmentsPerBatch == null ? TEXTS_PER_BATCH : maxSegmentsPerBatch;
            if (size < 1) {
                throw new IllegalArgumentException("maxSegmentsPerBatch must be at least 1, but is " + size);
            }
            return size;
        }

        private List<EmbeddingModelListener> embeddingListeners() {
            return listeners == null ? List.of() : listeners;
        }

        /** {@return what was described} */
        public MlflowGatewayEmbeddingModel build() {
            return new MlflowGatewayEmbeddingModel(this);
        }
    }
}
