package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway told besides the answer. {@link #modelName()} is the route that was asked, {@link #servedModel()} the
 * model that answered. What a server does not tell is null.
 */
public class MlflowGatewayChatResponseMetadata extends ChatResponseMetadata {

    private final @Nullable String provider;
    private final @Nullable String servedModel;
    private final @Nullable String requestId;
    private final @Nullable String traceId;
    private final @Nullable Integer attempts;
    private final @Nullable Boolean cached;
    private final @Nullable MlflowGatewayLatency latency;
    private final @Nullable MlflowGatewayLimitState limitState;
    private final Map<String, Object> rawUsage;
    private final Map<String, Object> extras;

    private MlflowGatewayChatResponseMetadata(Builder builder) {
        super(builder);
        this.provider = builder.provider;
        this.servedModel = builder.servedModel;
        this.requestId = builder.requestId;
        this.traceId = builder.traceId;
        this.attempts = builder.attempts;
        this.cached = builder.cached;
        this.latency = builder.latency;
        this.limitState = builder.limitState;
        this.rawUsage = copy(builder.rawUsage);
        this.extras = copy(builder.extras);
    }

    /** {@return an empty builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the route that answered} */
    public @Nullable String route() {
        return modelName();
    }

    /** {@return the provider that was asked last, as the gateway calls it} */
    public @Nullable String provider() {
        return provider;
    }

    /** {@return the model behind the route, as the answer names it, or else as the gateway has it configured} */
    public @Nullable String servedModel() {
        return servedModel;
    }

    /** {@return the gateway's id of the exchange: the header {@code X-Request-Id} of the answer} */
    public @Nullable String requestId() {
        return requestId;
    }

    /** {@return the id of the call's trace in MLflow; null where the server told none} */
    public @Nullable String traceId() {
        return traceId;
    }

    /**
     * How many targets the gateway asked for this answer. What the client itself repeated is not counted.
     *
     * @return null where the gateway does not tell
     */
    public @Nullable Integer attempts() {
        return attempts;
    }

    /** {@return whether the gateway answered out of its cache; null where it does not tell} */
    public @Nullable Boolean cached() {
        return cached;
    }

    /** {@return how long the gateway had the call; null where it does not tell} */
    public @Nullable MlflowGatewayLatency latency() {
        return latency;
    }

    /** {@return how limits stand after this call; null where the server does not tell} */
    public @Nullable MlflowGatewayLimitState limitState() {
        return limitState;
    }

    /** {@return everything the server told about tokens and cost, as JSON-like values; empty if nothing} */
    public Map<String, Object> rawUsage() {
        return rawUsage;
    }

    /**
     * What the body told besides what LangChain4j's and this type know, such as {@code system_fingerprint}, {@code
     * service_tier}, {@code databricks_output}, or {@code logprobs} of the answer handed out.
     *
     * @return JSON-like values by field; empty if nothing
     */
    public Map<String, Object> extras() {
        return extras;
    }

    @Override
    public @Nullable MlflowGatewayTokenUsage tokenUsage() {
        TokenUsage usage = super.tokenUsage();
        return usage == null || usage instanceof MlflowGatewayTokenUsage
                ? (MlflowGatewayTokenUsage) usage
                : MlflowGatewayTokenUsage.builder()
                        .inputTokenCount(usage.inputTokenCount())
                        .outputTokenCount(usage.outputTokenCount())
                        .totalTokenCount(usage.totalTokenCount())
                        .build();
    }

    @Override
    public Builder toBuilder() {
        Builder builder = builder();
        toBuilder(builder);
        return builder.provider(provider)
                .servedModel(servedModel)
                .requestId(requestId)
                .traceId(traceId)
                .attempts(attempts)
                .cached(cached)
                .latency(latency)
                .limitState(limitState)
                .rawUsage(rawUsage)
                .extras(extras);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof MlflowGatewayChatResponseMetadata that
                && Objects.equals(provider, that.provider)
                && Objects.equals(servedModel, that.servedModel)
                && Objects.equals(requestId, that.requestId)
                && Objects.equals(traceId, that.traceId)
                && Objects.equals(attempts, that.attempts)
                && Objects.equals(cached, that.cached)
                && Objects.equals(latency, that.latency)
                && Objects.equals(limitState, that.limitState)
                && rawUsage.equals(that.rawUsage)
                && extras.equals(that.extras);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                super.hashCode(),
                provider,
                servedModel,
                requestId,
                traceId,
                attempts,
                cached,
                latency,
                limitState,
                rawUsage,
                extras);
    }

    @Override
    public String toString() {
        return "MlflowGatewayChatResponseMetadata{" + super.toString()
                + ", provider=" + provider
                + ", servedModel=" + servedModel
                + ", requestId=" + requestId
                + ", traceId=" + traceId
                + ", attempts=" + attempts
                + ", cached=" + cached
                + ", latency=" + latency
                + ", limitState=" + limitState
                + ", rawUsage=" + rawUsage
                + ", extras=" + extras
                + '}';
    }

    private static Map<String, Object> copy(@Nullable Map<String, Object> map) {
        // Not Map.copyOf: values may be null, and order is kept.
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Gathers metadata; every setter accepts null for "not told". */
    public static class Builder extends ChatResponseMetadata.Builder<Builder> {

        private @Nullable String provider;
        private @Nullable String servedModel;
        private @Nullable String requestId;
        private @Nullable String traceId;
        private @Nullable Integer attempts;
        private @Nullable Boolean cached;
        private @Nullable MlflowGatewayLatency latency;
        private @Nullable MlflowGatewayLimitState limitState;
        private @Nullable Map<String, Object> rawUsage;
        private @Nullable Map<String, Object> extras;

        /** Use {@link MlflowGatewayChatResponseMetadata#builder()}; public so that it can be extended. */
        public Builder() {}

        /**
         * The provider that was asked last.
         *
         * @param provider null where it was not told
         * @return this builder
         */
        public Builder provider(@Nullable String provider) {
            this.provider = provider;
            return this;
        }

        /**
         * The model behind the route.
         *
         * @param servedModel null where it was not told
         * @return this builder
         */
        public Builder servedModel(@Nullable String servedModel) {
            this.servedModel = servedModel;
            return this;
        }

        /**
         * The gateway's id of the exchange.
         *
         * @param requestId null where it was not told
         * @return this builder
         */
        public Builder requestId(@Nullable String requestId) {
            this.requestId = requestId;
            return this;
        }

        /**
         * The id of the call's trace.
         *
         * @param traceId null where it was not told
         * @return this builder
         */
        public Builder traceId(@Nullable String traceId) {
            this.traceId = traceId;
            return this;
        }

        /**
         * How many targets the gateway asked.
         *
         * @param attempts null where it was not told
         * @return this builder
         */
        public Builder attempts(@Nullable Integer attempts) {
            this.attempts = attempts;
            return this;
        }

        /**
         * Whether the gateway answered out of its cache.
         *
         * @param cached null where it was not told
         * @return this builder
         */
        public Builder cached(@Nullable Boolean cached) {
            this.cached = cached;
            return this;
        }

        /**
         * How long the gateway had the call.
         *
         * @param latency null where it was not told
         * @return this builder
         */
        public Builder latency(@Nullable MlflowGatewayLatency latency) {
            this.latency = latency;
            return this;
        }

        /**
         * How limits stand after this call.
         *
         * @param limitState null where it was not told
         * @return this builder
         */
        public Builder limitState(@Nullable MlflowGatewayLimitState limitState) {
            this.limitState = limitState;
            return this;
        }

        /**
         * What the server told about tokens.
         *
         * @param rawUsage JSON-like values; copied
         * @return this builder
         */
        public Builder rawUsage(@Nullable Map<String, Object> rawUsage) {
            this.rawUsage = rawUsage;
            return this;
        }

        /**
         * What the server told besides.
         *
         * @param extras JSON-like values; copied
         * @return this builder
         */
        public Builder extras(@Nullable Map<String, Object> extras) {
            this.extras = extras;
            return this;
        }

        @Override
        public MlflowGatewayChatResponseMetadata build() {
            return new MlflowGatewayChatResponseMetadata(this);
        }
    }
}
