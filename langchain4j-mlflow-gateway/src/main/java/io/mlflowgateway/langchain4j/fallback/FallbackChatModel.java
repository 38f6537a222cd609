package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;
import java.util.function.Function;

/**
 * Several chat models as one: when one fails in a way another may not, the next one is asked; or all share the calls, as a
 * pool. Any {@link ChatModel} can be a member. {@link FallbackChatResponseMetadata} tell who answered.
 *
 * <pre>{@code
 * ChatModel model = FallbackChatModel.builder()
 *         .model("workspace", databricks)
 *         .model("gateway", gateway)
 *         .build();
 * }</pre>
 *
 * <p>Each member fills in its own defaults, and its own listeners are told of each of its calls, once; this model has
 * neither. A model name in a request is that of every member.
 */
public final class FallbackChatModel implements ChatModel {

    private final Members<ChatModel> members;

    private FallbackChatModel(FallbackChatModelBuilder builder) {
        this.members = builder.members();
    }

    /** {@return an empty builder} */
    public static FallbackChatModelBuilder builder() {
        return new FallbackChatModelBuilder();
    }

    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        return answered(model -> model.chat(request, options));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return answered(model -> model.chat(request));
    }

    private ChatResponse answered(Function<ChatModel, ChatResponse> call) {
        Tries<ChatModel> tries = new Tries<>(members);
        return FallbackChatResponseMetadata.on(tries.first(call), tries);
    }

    /** The provider of all members, or {@link ModelProvider#OTHER}. */
    @Override
    public ModelProvider provider() {
        return Common.provider(members.models(), ChatModel::provider);
    }

    /** What every member can do. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return Common.toAll(members.models(), ChatModel::supportedCapabilities);
    }

    /** Builds the model. */
    public static final class FallbackChatModelBuilder extends FallbackBuilder<ChatModel, FallbackChatModelBuilder> {

        private FallbackChatModelBuilder() {}

        @Override
        String nameOf(ChatModel model) {
            return Common.name(model, model.defaultRequestParameters());
        }

        /** {@return the model} */
        public FallbackChatModel build() {
            return new FallbackChatModel(this);
        }
    }
}
