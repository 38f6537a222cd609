package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway told besides the answer. {@link #modelName()} is the route that was asked, {@link #servedModel()} the
 * model that answered.
 */
public class MlflowGatewayChatResponseMetadata extends ChatResponseMetadata {

    private final @Nullable String servedModel;
    private final @Nullable String requestId;
    private final Map<String, Object> rawUsage;

    private MlflowGatewayChatResponseMetadata(Builder builder) {
        super(builder);
        this.servedModel = builder.servedModel;
        this.requestId = builder.requestId;
        this.rawUsage = Collections.unmodifiableMap(new LinkedHashMap<>(builder.rawUsage));
    }

    /** {@return an empty builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the route that answered} */
    public @Nullable String route() {
        return modelName();
    }

    /** {@return the model behind the route, as the answer names it} */
    public @Nullable String servedModel() {
        return servedModel;
    }

    /** {@return the header {@code X-Request-Id} of the answer} */
    public @Nullable String requestId() {
        return requestId;
    }

    /** {@return everything the server told about tokens and cost, as JSON-like values; empty if nothing} */
    public Map<String, Object> rawUsage() {
        return rawUsage;
    }

    @Override
    public MlflowGatewayTokenUsage tokenUsage() {
        return (MlflowGatewayTokenUsage) super.tokenUsage();
    }

    @Override
    public Builder toBuilder() {
        Builder builder = builder();
        toBuilder(builder);
        return builder.servedModel(servedModel).requestId(requestId).rawUsage(rawUsage);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof MlflowGatewayChatResponseMetadata that
                && Objects.equals(servedModel, that.servedModel)
                && Objects.equals(requestId, that.requestId)
                && rawUsage.equals(that.rawUsage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), servedModel, requestId, rawUsage);
    }

    @Override
    public String toString() {
        return "MlflowGatewayChatResponseMetadata{" + super.toString()
                + ", servedModel=" + servedModel
                + ", requestId=" + requestId
                + ", rawUsage=" + rawUsage
                + '}';
    }

    /** Gathers metadata. */
    public static class Builder extends ChatResponseMetadata.Builder<Builder> {

        private @Nullable String servedModel;
        private @Nullable String requestId;
        private Map<String, Object> rawUsage = Map.of();

        /** Use {@link MlflowGatewayChatResponseMetadata#builder()}; public so that it can be extended. */
        public Builder() {}

        /**
         * The model behind the route.
         *
         * @param servedModel as the answer names it
         * @return this builder
         */
        public Builder servedModel(@Nullable String servedModel) {
            this.servedModel = servedModel;
            return this;
        }

        /**
         * The header {@code X-Request-Id}.
         *
         * @param requestId null if there was none
         * @return this builder
         */
        public Builder requestId(@Nullable String requestId) {
            this.requestId = requestId;
            return this;
        }

        /**
         * What the server told about tokens.
         *
         * @param rawUsage JSON-like values; copied
         * @return this builder
         */
        public Builder rawUsage(@Nullable Map<String, Object> rawUsage) {
            this.rawUsage = rawUsage == null ? Map.of() : rawUsage;
            return this;
        }

        @Override
        public MlflowGatewayChatResponseMetadata build() {
            return new MlflowGatewayChatResponseMetadata(this);
        }
    }
}
