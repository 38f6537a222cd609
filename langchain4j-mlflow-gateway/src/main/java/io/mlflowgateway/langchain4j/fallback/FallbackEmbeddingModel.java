package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Set;

/**
 * Several embedding models as one, by the same rules as {@link FallbackChatModel}. All members must be the same model
 * behind different addresses: vectors of different models cannot be compared, even where their dimensions agree, and nothing
 * here can find that out.
 */
public final class FallbackEmbeddingModel implements EmbeddingModel {

    private final Members<EmbeddingModel> members;

    private FallbackEmbeddingModel(FallbackEmbeddingModelBuilder builder) {
        this.members = builder.members();
    }

    /** {@return an empty builder} */
    public static FallbackEmbeddingModelBuilder builder() {
        return new FallbackEmbeddingModelBuilder();
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        return new Tries<>(members).first(model -> model.embed(request));
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return embed(request);
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return new Tries<>(members).first(model -> model.embedAll(segments));
    }

    @Override
    public int dimension() {
        return new Tries<>(members).first(EmbeddingModel::dimension);
    }

    /** The first member's. */
    @Override
    public String modelName() {
        return members.models().get(0).modelName();
    }

    /** The provider of all members, or {@link ModelProvider#OTHER}. */
    @Override
    public ModelProvider provider() {
        return Common.provider(members.models(), EmbeddingModel::provider);
    }

    /** What every member understands. */
    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return Common.toAll(members.models(), EmbeddingModel::supportedParameters);
    }

    /** What every member can turn into vectors. */
    @Override
    public Set<ContentType> supportedContentTypes() {
        return Common.toAll(members.models(), EmbeddingModel::supportedContentTypes);
    }

    /** Builds the model. */
    public static final class FallbackEmbeddingModelBuilder
            extends FallbackBuilder<EmbeddingModel, FallbackEmbeddingModelBuilder> {

        private FallbackEmbeddingModelBuilder() {}

        @Override
        String nameOf(EmbeddingModel model) {
            return model.modelName().equals("unknown") ? model.getClass().getSimpleName() : model.modelName();
        }

        /** {@return the model} */
        public FallbackEmbeddingModel build() {
            return new FallbackEmbeddingModel(this);
        }
    }
}
