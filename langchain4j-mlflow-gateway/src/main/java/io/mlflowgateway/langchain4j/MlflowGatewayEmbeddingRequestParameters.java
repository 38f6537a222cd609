package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.embedding.request.DefaultEmbeddingRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import io.mlflowgateway.langchain4j.internal.Deadline;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's common embedding parameters and those that only a gateway or an OpenAI-like provider behind it knows.
 *
 * <pre>{@code
 * EmbeddingRequest request = EmbeddingRequest.builder()
 *         .input("Who wrote Faust?")
 *         .parameters(MlflowGatewayEmbeddingRequestParameters.builder()
 *                 .route("another-route")
 *                 .inputType(EmbeddingInputType.QUERY)
 *                 .timeout(Duration.ofSeconds(5))
 *                 .build())
 *         .build();
 * }</pre>
 */
public class MlflowGatewayEmbeddingRequestParameters extends DefaultEmbeddingRequestParameters {

    /** Who is asking, for the provider's abuse watch. */
    public static final EmbeddingParameter<String> USER = new EmbeddingParameter<>("mlflowGateway.user", String.class);

    /** Headers of one request: names and values. */
    @SuppressWarnings("rawtypes")
    public static final EmbeddingParameter<Map> CUSTOM_HEADERS =
            new EmbeddingParameter<>("mlflowGateway.customHeaders", Map.class);

    /** More fields of the body: names and JSON-like values. */
    @SuppressWarnings("rawtypes")
    public static final EmbeddingParameter<Map> CUSTOM_PARAMETERS =
            new EmbeddingParameter<>("mlflowGateway.customParameters", Map.class);

    /** How long one request may take altogether. */
    public static final EmbeddingParameter<Duration> TIMEOUT =
            new EmbeddingParameter<>("mlflowGateway.timeout", Duration.class);

    /** Nothing set. */
    public static final MlflowGatewayEmbeddingRequestParameters EMPTY =
            builder().build();

    static final Set<EmbeddingParameter<?>> SUPPORTED =
            Set.of(MODEL_NAME, DIMENSIONS, INPUT_TYPE, USER, CUSTOM_HEADERS, CUSTOM_PARAMETERS, TIMEOUT);

    /** Use {@link #builder()}; open so that it can be extended. */
    protected MlflowGatewayEmbeddingRequestParameters(Builder builder) {
        super(builder);
    }

    /** {@return an empty builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the route that answers: {@link #modelName()} under the gateway's own word} */
    public @Nullable String route() {
        return modelName();
    }

    /** {@return who is asking, for the provider's abuse watch} */
    public @Nullable String user() {
        return parameter(USER);
    }

    /** {@return headers of this request, winning over the model's; empty if none} */
    @SuppressWarnings("unchecked")
    public Map<String, String> customHeaders() {
        Map<String, String> headers = parameter(CUSTOM_HEADERS);
        return headers == null ? Map.of() : headers;
    }

    /** {@return more fields of the body, winning over those of the same name; empty if none} */
    @SuppressWarnings("unchecked")
    public Map<String, Object> customParameters() {
        Map<String, Object> fields = parameter(CUSTOM_PARAMETERS);
        return fields == null ? Map.of() : fields;
    }

    /** {@return how long this request may take altogether, with all its batches and attempts} */
    public @Nullable Duration timeout() {
        return parameter(TIMEOUT);
    }

    /** The fields of the body besides the texts, under their wire names. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "dimensions", dimensions());
        EmbeddingInputType type = inputType();
        put(fields, "input_type", type == null ? null : type.name().toLowerCase(Locale.ROOT));
        put(fields, "user", user());
        fields.putAll(customParameters());
        return fields;
    }

    /** Which route is called and how, or a refusal if none is named. One deadline for all batches. */
    RouteCall call() {
        return new RouteCall(
                RouteNames.required(modelName()),
                customHeaders(),
                Optional.ofNullable(timeout()).map(Deadline::in));
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    @Override
    public MlflowGatewayEmbeddingRequestParameters overrideWith(@Nullable EmbeddingRequestParameters that) {
        if (that == null || that.presentParameters().isEmpty()) {
            return this;
        }
        return builder().overrideWith(this).overrideWith(that).build();
    }

    /**
     * The other way round: what is set here wins.
     *
     * @param that for what is not set here; null for nothing
     * @return both together
     */
    public MlflowGatewayEmbeddingRequestParameters defaultedBy(@Nullable EmbeddingRequestParameters that) {
        return builder().overrideWith(that).overrideWith(this).build();
    }

    /** Shows the names of headers only, as their values may be secret. */
    @Override
    public String toString() {
        return "MlflowGatewayEmbeddingRequestParameters{" + super.toString() + '}';
    }

    /** Gathers parameters; every setter accepts null for "not set". An empty map is not set, either. */
    public static class Builder extends DefaultEmbeddingRequestParameters.Builder<Builder> {

        /** Use {@link MlflowGatewayEmbeddingRequestParameters#builder()}; public so that it can be extended. */
        public Builder() {}

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
         * Says who is asking.
         *
         * @param user any name
         * @return this builder
         */
        public Builder user(@Nullable String user) {
            return set(USER, user);
        }

        /**
         * Adds headers to this request only.
         *
         * @param customHeaders copied; they win over the model's
         * @return this builder
         */
        public Builder customHeaders(@Nullable Map<String, String> customHeaders) {
            return set(CUSTOM_HEADERS, customHeaders);
        }

        /**
         * Adds fields to the body.
         *
         * @param customParameters JSON-like values; copied
         * @return this builder
         */
        public Builder customParameters(@Nullable Map<String, Object> customParameters) {
            return set(CUSTOM_PARAMETERS, customParameters);
        }

        /**
         * Limits this request altogether, with all its batches, attempts and the pauses between them.
         *
         * @param timeout more than zero
         * @return this builder
         */
        public Builder timeout(@Nullable Duration timeout) {
            return set(TIMEOUT, timeout);
        }

        /** Maps are copied, and print no values, by whichever way they come. */
        @Override
        public <T> Builder set(EmbeddingParameter<T> parameter, @Nullable T value) {
            super.set(parameter, value);
            return namesOnly(CUSTOM_HEADERS).namesOnly(CUSTOM_PARAMETERS);
        }

        @Override
        public Builder overrideWith(@Nullable EmbeddingRequestParameters parameters) {
            super.overrideWith(parameters);
            return namesOnly(CUSTOM_HEADERS).namesOnly(CUSTOM_PARAMETERS);
        }

        @SuppressWarnings("unchecked") // a parameter's type cannot say what its map holds
        private Builder namesOnly(EmbeddingParameter<?> parameter) {
            values.computeIfPresent(parameter, (known, map) -> NamesOnly.of((Map<String, ?>) map));
            return this;
        }

        @Override
        public MlflowGatewayEmbeddingRequestParameters build() {
            return new MlflowGatewayEmbeddingRequestParameters(this);
        }
    }
}
