package io.mlflowgateway.langchain4j;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of the language models share.
 *
 * @param <B> the builder itself
 */
public abstract class MlflowGatewayCompletionBuilder<B extends MlflowGatewayCompletionBuilder<B>>
        extends MlflowGatewayModelBuilder<B> {

    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Double frequencyPenalty;
    private @Nullable Double presencePenalty;
    private @Nullable Integer maxOutputTokens;
    private @Nullable List<String> stop;
    private @Nullable Integer seed;
    private @Nullable String user;
    private @Nullable Map<String, Object> customParameters;

    /** For the builders of this package. */
    MlflowGatewayCompletionBuilder() {}

    /**
     * How freely the model picks words.
     *
     * @param temperature as the server counts: 0 to 2, on MLflow 2.5 to 2.8 routes 0 to 1
     * @return this builder
     */
    public B temperature(@Nullable Double temperature) {
        this.temperature = temperature;
        return self();
    }

    /**
     * From which share of the most likely words the model picks.
     *
     * @param topP 0 to 1
     * @return this builder
     */
    public B topP(@Nullable Double topP) {
        this.topP = topP;
        return self();
    }

    /**
     * How much often used words are avoided.
     *
     * @param frequencyPenalty -2 to 2
     * @return this builder
     */
    public B frequencyPenalty(@Nullable Double frequencyPenalty) {
        this.frequencyPenalty = frequencyPenalty;
        return self();
    }

    /**
     * How much words used at all are avoided.
     *
     * @param presencePenalty -2 to 2
     * @return this builder
     */
    public B presencePenalty(@Nullable Double presencePenalty) {
        this.presencePenalty = presencePenalty;
        return self();
    }

    /**
     * The longest answer, in tokens. Sent as {@code max_tokens}.
     *
     * @param maxOutputTokens at least 1
     * @return this builder
     */
    public B maxOutputTokens(@Nullable Integer maxOutputTokens) {
        this.maxOutputTokens = maxOutputTokens;
        return self();
    }

    /**
     * The same as {@link #maxOutputTokens(Integer)}, under the name of LangChain4j's OpenAI module.
     *
     * @param maxTokens at least 1
     * @return this builder
     */
    public B maxTokens(@Nullable Integer maxTokens) {
        return maxOutputTokens(maxTokens);
    }

    /**
     * Texts at which the model stops.
     *
     * @param stop copied
     * @return this builder
     */
    public B stop(@Nullable List<String> stop) {
        this.stop = stop == null ? null : List.copyOf(stop);
        return self();
    }

    /**
     * The same as {@link #stop(List)}, under LangChain4j's common name.
     *
     * @param stopSequences copied
     * @return this builder
     */
    public B stopSequences(@Nullable List<String> stopSequences) {
        return stop(stopSequences);
    }

    /**
     * Asks for the same answer to the same question, as far as the provider can.
     *
     * @param seed any number
     * @return this builder
     */
    public B seed(@Nullable Integer seed) {
        this.seed = seed;
        return self();
    }

    /**
     * Who is asking, for the provider's abuse watch.
     *
     * @param user any name
     * @return this builder
     */
    public B user(@Nullable String user) {
        this.user = user;
        return self();
    }

    /**
     * More fields for the body of every request. They win over fields of the same name.
     *
     * @param customParameters JSON-like values; copied
     * @return this builder
     */
    public B customParameters(@Nullable Map<String, Object> customParameters) {
        this.customParameters = customParameters == null ? null : new LinkedHashMap<>(customParameters);
        return self();
    }

    /** The body's fields besides the prompt, under their wire names. */
    final Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        put(fields, "temperature", temperature);
        put(fields, "top_p", topP);
        put(fields, "frequency_penalty", frequencyPenalty);
        put(fields, "presence_penalty", presencePenalty);
        put(fields, "max_tokens", maxOutputTokens);
        put(fields, "stop", stop == null || stop.isEmpty() ? null : stop);
        put(fields, "seed", seed);
        put(fields, "user", user);
        if (customParameters != null) {
            fields.putAll(customParameters);
        }
        return Collections.unmodifiableMap(fields);
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
