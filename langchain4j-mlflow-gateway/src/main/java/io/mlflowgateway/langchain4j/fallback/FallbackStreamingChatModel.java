package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;

/**
 * Several streaming chat models as one: when one fails before its first event, the next one is asked; or all share the
 * calls, as a pool. After the first event a failure is the handler's, as half of two answers is none. Otherwise as {@link
 * FallbackChatModel}.
 */
public final class FallbackStreamingChatModel implements StreamingChatModel {

    private final Members<StreamingChatModel> members;

    private FallbackStreamingChatModel(FallbackStreamingChatModelBuilder builder) {
        this.members = builder.members();
    }

    /** {@return an empty builder} */
    public static FallbackStreamingChatModelBuilder builder() {
        return new FallbackStreamingChatModelBuilder();
    }

    @Override
    public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
        new StreamedTries(new Tries<>(members), handler, (model, relay) -> model.chat(request, options, relay)).begin();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        new StreamedTries(new Tries<>(members), handler, (model, relay) -> model.chat(request, relay)).begin();
    }

    /** The provider of all members, or {@link ModelProvider#OTHER}. */
    @Override
    public ModelProvider provider() {
        return Common.provider(members.models(), StreamingChatModel::provider);
    }

    /** What every member can do. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return Common.toAll(members.models(), StreamingChatModel::supportedCapabilities);
    }

    /** Builds the model. */
    public static final class FallbackStreamingChatModelBuilder
            extends FallbackBuilder<StreamingChatModel, FallbackStreamingChatModelBuilder> {

        private FallbackStreamingChatModelBuilder() {}

        @Override
        String nameOf(StreamingChatModel model) {
            return Common.name(model, model.defaultRequestParameters());
        }

        /** {@return the model} */
        public FallbackStreamingChatModel build() {
            return new FallbackStreamingChatModel(this);
        }
    }
}
