package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway told besides the vectors. {@link #modelName()} is the route that was asked. A request of many texts is
 * several calls: usage is that of all of them, and each call's id is kept.
 */
public class MlflowGatewayEmbeddingResponseMetadata extends EmbeddingResponseMetadata {

    private final @Nullable String provider;
    private final @Nullable String servedModel;
    private final List<String> requestIds;

    private MlflowGatewayEmbeddingResponseMetadata(Builder builder) {
        super(builder);
        this.provider = builder.provider;
        this.servedModel = builder.servedModel;
        this.requestIds = List.copyOf(builder.requestIds);
    }

    /** {@return an empty builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the route that answered} */
    public @Nullable String route() {
        return modelName();
    }

    /** {@return the provider that answered the first call; null where the gateway does not tell} */
    public @Nullable String provider() {
        return provider;
    }

    /** {@return the model that answered the first call; null where it was not told} */
    public @Nullable String servedModel() {
        return servedModel;
    }

    /** {@return the gateway's ids of the calls, in the order of the texts; those that were told} */
    public List<String> requestIds() {
        return requestIds;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof MlflowGatewayEmbeddingResponseMetadata that
                && Objects.equals(provider, that.provider)
                && Objects.equals(servedModel, that.servedModel)
                && requestIds.equals(that.requestIds);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), provider, servedModel, requestIds);
    }

    @Override
    public String toString() {
        return "MlflowGatewayEmbeddingResponseMetadata{" + super.toString()
                + ", provider=" + provider
                + ", servedModel=" + servedModel
                + ", requestIds=" + requestIds
                + '}';
    }

    /** Gathers metadata. */
    public static class Builder extends EmbeddingResponseMetadata.Builder<Builder> {

        private @Nullable String provider;
        private @Nullable String servedModel;
        private List<String> requestIds = List.of();

        /** Use {@link MlflowGatewayEmbeddingResponseMetadata#builder()}; public so that it can be extended. */
        public Builder() {}

        /**
         * The provider that answered.
         *
         * @param provider null where it was not told
         * @return this builder
         */
        public Builder provider(@Nullable String provider) {
            this.provider = provider;
            return this;
        }

        /**
         * The model that answered.
         *
         * @param servedModel null where it was not told
         * @return this builder
         */
        public Builder servedModel(@Nullable String servedModel) {
            this.servedModel = servedModel;
            return this;
        }

        /**
         * The gateway's ids of the calls.
         *
         * @param requestIds copied; null for none
         * @return this builder
         */
        public Builder requestIds(@Nullable List<String> requestIds) {
            this.requestIds = requestIds == null ? List.of() : requestIds;
            return this;
        }

        @Override
        public MlflowGatewayEmbeddingResponseMetadata build() {
            return new MlflowGatewayEmbeddingResponseMetadata(this);
        }
    }
}
