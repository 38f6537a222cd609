package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import io.mlflowgateway.langchain4j.internal.Deadline;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's common parameters and those that only a gateway or an OpenAI-like provider behind it knows.
 *
 * <pre>{@code
 * ChatRequest request = ChatRequest.builder()
 *         .messages(UserMessage.from("Hello"))
 *         .parameters(MlflowGatewayChatRequestParameters.builder()
 *                 .route("another-route")
 *                 .seed(7)
 *                 .build())
 *         .build();
 * }</pre>
 */
public class MlflowGatewayChatRequestParameters extends DefaultChatRequestParameters {

    /** Nothing set. */
    public static final MlflowGatewayChatRequestParameters EMPTY = builder().build();

    private final @Nullable Integer seed;
    private final @Nullable String user;
    private final @Nullable Integer n;
    private final @Nullable String reasoningEffort;
    private final @Nullable Boolean parallelToolCalls;
    private final @Nullable Boolean logprobs;
    private final @Nullable Integer topLogprobs;
    private final @Nullable Integer maxCompletionTokens;
    private final @Nullable String serviceTier;
    private final @Nullable Boolean store;
    private final Map<String, Integer> logitBias;
    private final Map<String, String> metadata;
    private final Map<String, String> customHeaders;
    private final Map<String, Object> customParameters;
    private final @Nullable Duration timeout;

    private MlflowGatewayChatRequestParameters(Builder builder) {
        super(builder);
        this.seed = builder.seed;
        this.user = builder.user;
        this.n = builder.n;
        this.reasoningEffort = builder.reasoningEffort;
        this.parallelToolCalls = builder.parallelToolCalls;
        this.logprobs = builder.logprobs;
        this.topLogprobs = builder.topLogprobs;
        this.maxCompletionTokens = builder.maxCompletionTokens;
        this.serviceTier = builder.serviceTier;
        this.store = builder.store;
        this.logitBias = copy(builder.logitBias);
        this.metadata = copy(builder.metadata);
        this.customHeaders = copy(builder.customHeaders);
        this.customParameters = copy(builder.customParameters);
        this.timeout = builder.timeout;
    }

    /** {@return an empty builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the route that answers: {@link #modelName()} under the gateway's own word} */
    public @Nullable String route() {
        return modelName();
    }

    /** {@return the number that makes answers repeatable, where the provider can} */
    public @Nullable Integer seed() {
        return seed;
    }

    /** {@return who is asking, for the provider's abuse watch} */
    public @Nullable String user() {
        return user;
    }

    /** {@return how many answers are asked for; LangChain4j hands out the first} */
    public @Nullable Integer n() {
        return n;
    }

    /** {@return how long a reasoning model thinks, in the provider's word} */
    public @Nullable String reasoningEffort() {
        return reasoningEffort;
    }

    /** {@return whether the model may call several tools at once} */
    public @Nullable Boolean parallelToolCalls() {
        return parallelToolCalls;
    }

    /** {@return whether the likelihood of each token is asked for} */
    public @Nullable Boolean logprobs() {
        return logprobs;
    }

    /** {@return for how many other tokens at each place the likelihood is asked for} */
    public @Nullable Integer topLogprobs() {
        return topLogprobs;
    }

    /** {@return the longest answer in tokens, reasoning among them; null if not set} */
    public @Nullable Integer maxCompletionTokens() {
        return maxCompletionTokens;
    }

    /** {@return at which of the provider's service levels the request is worked on} */
    public @Nullable String serviceTier() {
        return serviceTier;
    }

    /** {@return whether the provider keeps the answer} */
    public @Nullable Boolean store() {
        return store;
    }

    /** {@return by how much tokens, named by their number, are made more or less likely; empty if none} */
    public Map<String, Integer> logitBias() {
        return logitBias;
    }

    /** {@return notes sent with the request as {@code metadata}; empty if none} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** {@return headers of this request, winning over the model's; empty if none} */
    public Map<String, String> customHeaders() {
        return customHeaders;
    }

    /** {@return more fields of the body, winning over those of the same name; empty if none} */
    public Map<String, Object> customParameters() {
        return customParameters;
    }

    /** {@return how long this call may take altogether, instead of the model's total timeout} */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** The fields of the body that LangChain4j's common parameters do not know, under their wire names. */
    Map<String, Object> extraFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "n", n);
        put(fields, "seed", seed);
        put(fields, "user", user);
        put(fields, "reasoning_effort", reasoningEffort);
        put(fields, "parallel_tool_calls", parallelToolCalls);
        put(fields, "logprobs", logprobs);
        put(fields, "top_logprobs", topLogprobs);
        put(fields, "max_completion_tokens", maxCompletionTokens);
        put(fields, "service_tier", serviceTier);
        put(fields, "store", store);
        put(fields, "logit_bias", logitBias.isEmpty() ? null : logitBias);
        put(fields, "metadata", metadata.isEmpty() ? null : metadata);
        fields.putAll(customParameters);
        return fields;
    }

    /** Which route is called and how, or a refusal if none is named. */
    RouteCall call() {
        return new RouteCall(
                RouteNames.required(modelName()),
                customHeaders,
                Optional.ofNullable(timeout).map(Deadline::in));
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    @Override
    public MlflowGatewayChatRequestParameters overrideWith(ChatRequestParameters that) {
        return builder().overrideWith(this).overrideWith(that).build();
    }

    @Override
    public MlflowGatewayChatRequestParameters defaultedBy(ChatRequestParameters that) {
        return builder().overrideWith(that).overrideWith(this).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof MlflowGatewayChatRequestParameters that
                && Objects.equals(seed, that.seed)
                && Objects.equals(user, that.user)
                && Objects.equals(n, that.n)
                && Objects.equals(reasoningEffort, that.reasoningEffort)
                && Objects.equals(parallelToolCalls, that.parallelToolCalls)
                && Objects.equals(logprobs, that.logprobs)
                && Objects.equals(topLogprobs, that.topLogprobs)
                && Objects.equals(maxCompletionTokens, that.maxCompletionTokens)
                && Objects.equals(serviceTier, that.serviceTier)
                && Objects.equals(store, that.store)
                && logitBias.equals(that.logitBias)
                && metadata.equals(that.metadata)
                && customHeaders.equals(that.customHeaders)
                && customParameters.equals(that.customParameters)
                && Objects.equals(timeout, that.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                super.hashCode(),
                seed,
                user,
                n,
                reasoningEffort,
                parallelToolCalls,
                logprobs,
                topLogprobs,
                maxCompletionTokens,
                serviceTier,
                store,
                logitBias,
                metadata,
                customHeaders,
                customParameters,
                timeout);
    }

    /** Shows the names of the headers only, as their values may be secret. */
    @Override
    public String toString() {
        return "MlflowGatewayChatRequestParameters{" + super.toString()
                + ", seed=" + seed
                + ", user=" + user
                + ", n=" + n
                + ", reasoningEffort=" + reasoningEffort
                + ", parallelToolCalls=" + parallelToolCalls
                + ", logprobs=" + logprobs
                + ", topLogprobs=" + topLogprobs
                + ", maxCompletionTokens=" + maxCompletionTokens
                + ", serviceTier=" + serviceTier
                + ", store=" + store
                + ", logitBias=" + logitBias
                + ", metadata=" + metadata
                + ", customHeaders=" + customHeaders.keySet()
                + ", customParameters=" + customParameters.keySet()
                + ", timeout=" + timeout
                + '}';
    }

    private static <V> Map<String, V> copy(@Nullable Map<String, V> map) {
        // Not Map.copyOf: a body field may be null on purpose, and order is kept on the wire.
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** Gathers parameters; every setter accepts null for "not set". */
    public static class Builder extends DefaultChatRequestParameters.Builder<Builder> {

        private @Nullable Integer seed;
        private @Nullable String user;
        private @Nullable Integer n;
        private @Nullable String reasoningEffort;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable Boolean logprobs;
        private @Nullable Integer topLogprobs;
        private @Nullable Integer maxCompletionTokens;
        private @Nullable String serviceTier;
        private @Nullable Boolean store;
        private @Nullable Map<String, Integer> logitBias;
        private @Nullable Map<String, String> metadata;
        private @Nullable Map<String, String> customHeaders;
        private @Nullable Map<String, Object> customParameters;
        private @Nullable Duration timeout;

        /** Use {@link MlflowGatewayChatRequestParameters#builder()}; public so that it can be extended. */
        public Builder() {}

        @Override
        public Builder overrideWith(ChatRequestParameters parameters) {
            super.overrideWith(parameters);
            if (parameters instanceof MlflowGatewayChatRequestParameters that) {
                seed(or(that.seed, seed));
                user(or(that.user, user));
                n(or(that.n, n));
                reasoningEffort(or(that.reasoningEffort, reasoningEffort));
                parallelToolCalls(or(that.parallelToolCalls, parallelToolCalls));
                logprobs(or(that.logprobs, logprobs));
                topLogprobs(or(that.topLogprobs, topLogprobs));
                maxCompletionTokens(or(that.maxCompletionTokens, maxCompletionTokens));
                serviceTier(or(that.serviceTier, serviceTier));
                store(or(that.store, store));
                logitBias(that.logitBias.isEmpty() ? logitBias : that.logitBias);
                metadata(that.metadata.isEmpty() ? metadata : that.metadata);
                customHeaders(that.customHeaders.isEmpty() ? customHeaders : that.customHeaders);
                customParameters(that.customParameters.isEmpty() ? customParameters : that.customParameters);
                timeout(or(that.timeout, timeout));
            }
            return this;
        }

        /**
         * The route that answers; the same as {@link #modelName(String)}.
         *
         * @param route as configured in the gateway
         * @return this builder
         */
        public Builder route(@Nullable String route) {
            return modelName(route);
        }

        /**
         * Asks for the same answer to the same question.
         *
         * @param seed any number
         * @return this builder
         */
        public Builder seed(@Nullable Integer seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Says who is asking.
         *
         * @param user any name
         * @return this builder
         */
        public Builder user(@Nullable String user) {
            this.user = user;
            return this;
        }

        /**
         * Asks for several answers; LangChain4j hands out the first. Sent as {@code candidate_count} to MLflow 2.5 to 2.8.
         *
         * @param n at least 1
         * @return this builder
         */
        public Builder n(@Nullable Integer n) {
            this.n = n;
            return this;
        }

        /**
         * Says how long a reasoning model thinks.
         *
         * @param reasoningEffort the provider's word
         * @return this builder
         */
        public Builder reasoningEffort(@Nullable String reasoningEffort) {
            this.reasoningEffort = reasoningEffort;
            return this;
        }

        /**
         * Allows or forbids several tool calls at once.
         *
         * @param parallelToolCalls null for the provider's default
         * @return this builder
         */
        public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
            this.parallelToolCalls = parallelToolCalls;
            return this;
        }

        /**
         * Asks for the likelihood of each token.
         *
         * @param logprobs null for the provider's default
         * @return this builder
         */
        public Builder logprobs(@Nullable Boolean logprobs) {
            this.logprobs = logprobs;
            return this;
        }

        /**
         * Asks for the likelihood of other tokens.
         *
         * @param topLogprobs how many at each place
         * @return this builder
         */
        public Builder topLogprobs(@Nullable Integer topLogprobs) {
            this.topLogprobs = topLogprobs;
            return this;
        }

        /**
         * Limits the answer, the reasoning before it included. Sent as {@code max_completion_tokens}, which newer models
         * want in place of {@code max_tokens}.
         *
         * @param maxCompletionTokens at least 1
         * @return this builder
         */
        public Builder maxCompletionTokens(@Nullable Integer maxCompletionTokens) {
            this.maxCompletionTokens = maxCompletionTokens;
            return this;
        }

        /**
         * Asks for a service level.
         *
         * @param serviceTier the provider's word, such as {@code flex}
         * @return this builder
         */
        public Builder serviceTier(@Nullable String serviceTier) {
            this.serviceTier = serviceTier;
            return this;
        }

        /**
         * Says whether the provider keeps the answer.
         *
         * @param store null for the provider's default
         * @return this builder
         */
        public Builder store(@Nullable Boolean store) {
            this.store = store;
            return this;
        }

        /**
         * Makes tokens more or less likely.
         *
         * @param logitBias -100 to 100 by the token's number; copied
         * @return this builder
         */
        public Builder logitBias(@Nullable Map<String, Integer> logitBias) {
            this.logitBias = logitBias;
            return this;
        }

        /**
         * Adds notes to the request.
         *
         * @param metadata copied
         * @return this builder
         */
        public Builder metadata(@Nullable Map<String, String> metadata) {
            this.metadata = metadata;
            return this;
        }

        /**
         * Adds headers to this request only.
         *
         * @param customHeaders copied; they win over the model's
         * @return this builder
         */
        public Builder customHeaders(@Nullable Map<String, String> customHeaders) {
            this.customHeaders = customHeaders;
            return this;
        }

        /**
         * Adds fields to the body.
         *
         * @param customParameters JSON-like values; copied
         * @return this builder
         */
        public Builder customParameters(@Nullable Map<String, Object> customParameters) {
            this.customParameters = customParameters;
            return this;
        }

        /**
         * Limits this call altogether, with all its attempts and the pauses between them.
         *
         * @param timeout more than zero
         * @return this builder
         */
        public Builder timeout(@Nullable Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        @Override
        public MlflowGatewayChatRequestParameters build() {
            return new MlflowGatewayChatRequestParameters(this);
        }

        private static <T> @Nullable T or(@Nullable T wanted, @Nullable T otherwise) {
            return wanted != null ? wanted : otherwise;
        }
    }
}
