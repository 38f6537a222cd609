package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import io.mlflowgateway.langchain4j.internal.ChatOptions;
import io.mlflowgateway.langchain4j.internal.GatewayConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of the chat models share. A value set here wins over the same value in {@link
 * #defaultRequestParameters}, and a request's own value wins over both.
 *
 * @param <B> the builder itself
 */
public abstract class MlflowGatewayChatBuilder<B extends MlflowGatewayChatBuilder<B>>
        extends MlflowGatewayModelBuilder<B> {

    private final MlflowGatewayChatRequestParameters.Builder set = MlflowGatewayChatRequestParameters.builder();
    private @Nullable ChatRequestParameters defaults;
    private @Nullable List<ChatModelListener> listeners;
    private @Nullable Set<Capability> supportedCapabilities;
    private @Nullable Boolean strictJsonSchema;
    private @Nullable Boolean strictTools;
    private @Nullable Boolean returnThinking;
    private @Nullable Boolean sendThinking;
    private @Nullable String thinkingFieldName;

    /** For the builders of this package. */
    MlflowGatewayChatBuilder() {}

    /**
     * Parameters of every request that does not bring its own.
     *
     * @param parameters common ones or {@link MlflowGatewayChatRequestParameters}
     * @return this builder
     */
    public B defaultRequestParameters(@Nullable ChatRequestParameters parameters) {
        this.defaults = parameters;
        return self();
    }

    /**
     * How freely the model picks words.
     *
     * @param temperature as the server counts: 0 to 2, on MLflow 2.5 to 2.8 routes 0 to 1
     * @return this builder
     */
    public B temperature(@Nullable Double temperature) {
        set.temperature(temperature);
        return self();
    }

    /**
     * From which share of the most likely words the model picks.
     *
     * @param topP 0 to 1
     * @return this builder
     */
    public B topP(@Nullable Double topP) {
        set.topP(topP);
        return self();
    }

    /**
     * From how many of the most likely words the model picks. Sent as {@code top_k}, which only some providers know.
     *
     * @param topK at least 1
     * @return this builder
     */
    public B topK(@Nullable Integer topK) {
        set.topK(topK);
        return self();
    }

    /**
     * How much often used words are avoided.
     *
     * @param frequencyPenalty -2 to 2
     * @return this builder
     */
    public B frequencyPenalty(@Nullable Double frequencyPenalty) {
        set.frequencyPenalty(frequencyPenalty);
        return self();
    }

    /**
     * How much words used at all are avoided.
     *
     * @param presencePenalty -2 to 2
     * @return this builder
     */
    public B presencePenalty(@Nullable Double presencePenalty) {
        set.presencePenalty(presencePenalty);
        return self();
    }

    /**
     * The longest answer, in tokens. Sent as {@code max_tokens}.
     *
     * @param maxOutputTokens at least 1
     * @return this builder
     */
    public B maxOutputTokens(@Nullable Integer maxOutputTokens) {
        set.maxOutputTokens(maxOutputTokens);
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
        set.stopSequences(stop);
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
     * Text, JSON, or JSON of one schema.
     *
     * @param responseFormat sent as {@code response_format}
     * @return this builder
     */
    public B responseFormat(@Nullable ResponseFormat responseFormat) {
        set.responseFormat(responseFormat);
        return self();
    }

    /**
     * Text or JSON, by its name on the wire.
     *
     * @param responseFormat {@code text}, {@code json_object}, or {@code json_schema} for JSON whose schema comes with the
     *     request
     * @return this builder
     */
    public B responseFormat(@Nullable String responseFormat) {
        return responseFormat(responseFormat == null ? (ResponseFormat) null : format(responseFormat));
    }

    private static ResponseFormat format(String name) {
        return switch (name) {
            case "text" -> ResponseFormat.TEXT;
            case "json_object", "json_schema" -> ResponseFormat.JSON;
            default ->
                throw new IllegalArgumentException(
                        "responseFormat must be text, json_object or json_schema, but is '" + name + "'");
        };
    }

    /**
     * Asks for the same answer to the same question, as far as the provider can.
     *
     * @param seed any number
     * @return this builder
     */
    public B seed(@Nullable Integer seed) {
        set.seed(seed);
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
     * How long a reasoning model thinks.
     *
     * @param reasoningEffort the provider's word, such as {@code low}
     * @return this builder
     */
    public B reasoningEffort(@Nullable String reasoningEffort) {
        set.reasoningEffort(reasoningEffort);
        return self();
    }

    /**
     * Whether the model may call several tools at once.
     *
     * @param parallelToolCalls null for the provider's default
     * @return this builder
     */
    public B parallelToolCalls(@Nullable Boolean parallelToolCalls) {
        set.parallelToolCalls(parallelToolCalls);
        return self();
    }

    /**
     * Whether the likelihood of each token is asked for.
     *
     * @param logprobs null for the provider's default
     * @return this builder
     */
    public B logprobs(@Nullable Boolean logprobs) {
        set.logprobs(logprobs);
        return self();
    }

    /**
     * For how many other tokens at each place the likelihood is asked for.
     *
     * @param topLogprobs 0 to 20
     * @return this builder
     */
    public B topLogprobs(@Nullable Integer topLogprobs) {
        set.topLogprobs(topLogprobs);
        return self();
    }

    /**
     * By how much tokens are made more or less likely.
     *
     * @param logitBias -100 to 100 by the token's number; copied
     * @return this builder
     */
    public B logitBias(@Nullable Map<String, Integer> logitBias) {
        set.logitBias(logitBias);
        return self();
    }

    /**
     * The longest answer in tokens, the reasoning before it included. Sent as {@code max_completion_tokens}, which newer
     * models want in place of {@code max_tokens}.
     *
     * @param maxCompletionTokens at least 1
     * @return this builder
     */
    public B maxCompletionTokens(@Nullable Integer maxCompletionTokens) {
        set.maxCompletionTokens(maxCompletionTokens);
        return self();
    }

    /**
     * At which of the provider's service levels requests are worked on.
     *
     * @param serviceTier the provider's word, such as {@code flex}
     * @return this builder
     */
    public B serviceTier(@Nullable String serviceTier) {
        set.serviceTier(serviceTier);
        return self();
    }

    /**
     * Whether the provider keeps the answers.
     *
     * @param store null for the provider's default
     * @return this builder
     */
    public B store(@Nullable Boolean store) {
        set.store(store);
        return self();
    }

    /**
     * Notes sent with every request, for the provider's or gateway's own lists.
     *
     * @param metadata copied
     * @return this builder
     */
    public B metadata(@Nullable Map<String, String> metadata) {
        set.metadata(metadata);
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
    public B listeners(@Nullable List<ChatModelListener> listeners) {
        this.listeners = listeners == null ? null : List.copyOf(listeners);
        return self();
    }

    /**
     * Who is told about requests, answers and failures.
     *
     * @param listeners copied
     * @return this builder
     */
    public B listeners(ChatModelListener @Nullable ... listeners) {
        return listeners(listeners == null ? null : List.of(listeners));
    }

    /**
     * What the model behind the route can do. AiServices ask for JSON of a schema only when {@link
     * Capability#RESPONSE_FORMAT_JSON_SCHEMA} is among them, and describe the format in the prompt otherwise.
     *
     * @param supportedCapabilities an empty set for none. Default: what the description of the model's route says in its
     *     {@code capabilities}, asked for when first wanted; no real MLflow server says anything there
     * @return this builder
     */
    public B supportedCapabilities(@Nullable Set<Capability> supportedCapabilities) {
        this.supportedCapabilities = supportedCapabilities == null ? null : Set.copyOf(supportedCapabilities);
        return self();
    }

    /**
     * The same as {@link #supportedCapabilities(Set)}.
     *
     * @param supportedCapabilities none for none; null for what the route's description says
     * @return this builder
     */
    public B supportedCapabilities(Capability @Nullable ... supportedCapabilities) {
        return supportedCapabilities(supportedCapabilities == null ? null : Set.of(supportedCapabilities));
    }

    /**
     * Whether answers of a JSON schema must follow it exactly: {@code strict}, every property required.
     *
     * @param strictJsonSchema default: false
     * @return this builder
     */
    public B strictJsonSchema(@Nullable Boolean strictJsonSchema) {
        this.strictJsonSchema = strictJsonSchema;
        return self();
    }

    /**
     * Whether arguments of tools must follow their schema exactly. A tool's own setting wins.
     *
     * @param strictTools default: false
     * @return this builder
     */
    public B strictTools(@Nullable Boolean strictTools) {
        this.strictTools = strictTools;
        return self();
    }

    /**
     * Whether reasoning text ({@code reasoning_content} or {@code reasoning}) is handed out as {@code thinking}.
     *
     * @param returnThinking default: false, as it may then be kept in chat memory
     * @return this builder
     */
    public B returnThinking(@Nullable Boolean returnThinking) {
        this.returnThinking = returnThinking;
        return self();
    }

    /**
     * Whether the thinking of earlier answers is sent back, as {@code reasoning_content}.
     *
     * @param sendThinking default: false
     * @return this builder
     */
    public B sendThinking(@Nullable Boolean sendThinking) {
        return sendThinking(sendThinking, null);
    }

    /**
     * Whether and under which name the thinking of earlier answers is sent back.
     *
     * @param sendThinking default: false
     * @param fieldName default: {@code reasoning_content}
     * @return this builder
     */
    public B sendThinking(@Nullable Boolean sendThinking, @Nullable String fieldName) {
        this.sendThinking = sendThinking;
        this.thinkingFieldName = fieldName;
        return self();
    }

    final MlflowGatewayChatRequestParameters requestParameters() {
        MlflowGatewayChatRequestParameters.Builder merged = MlflowGatewayChatRequestParameters.builder();
        if (defaults != null) {
            merged.overrideWith(defaults);
        }
        return merged.overrideWith(set.build()).overrideWith(routeParameters()).build();
    }

    private MlflowGatewayChatRequestParameters routeParameters() {
        return MlflowGatewayChatRequestParameters.builder()
                .modelName(routeName())
                .build();
    }

    final List<ChatModelListener> chatListeners() {
        return listeners == null ? List.of() : listeners;
    }

    final ChatOptions chatOptions() {
        return new ChatOptions(
                Boolean.TRUE.equals(strictJsonSchema),
                Boolean.TRUE.equals(strictTools),
                Boolean.TRUE.equals(returnThinking),
                Boolean.TRUE.equals(sendThinking)
                        ? Optional.of(thinkingFieldName == null ? "reasoning_content" : thinkingFieldName)
                        : Optional.empty());
    }

    final RouteCapabilities capabilities(GatewayConnection connection, ChatRequestParameters parameters) {
        return supportedCapabilities == null
                ? RouteCapabilities.describedBy(connection, Optional.ofNullable(parameters.modelName()))
                : RouteCapabilities.of(supportedCapabilities);
    }
}
