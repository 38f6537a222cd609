package io.mlflowgateway.samples.client;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a stream said, in order, and how it ended. */
final class Heard implements StreamingChatResponseHandler {
    final List<String> pieces = new CopyOnWriteArrayList<>();
    final CompletableFuture<StreamingHandle> begun = new CompletableFuture<>();
    final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        pieces.add(part.text());
        begun.complete(context.streamingHandle());
    }

    @Override
    public void onPartialToolCall(PartialToolCall part) {
        pieces.add("part " + part.index() + " " + part.name() + " " + part.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        pieces.add("call " + call.index() + " "
                + call.toolExecutionRequest().id() + " "
                + call.toolExecutionRequest().arguments());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        end.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        end.completeExceptionally(error);
    }

    /** The same for a language model. */
    static final class Text implements StreamingResponseHandler<String> {
        final List<String> pieces = new CopyOnWriteArrayList<>();
        final CompletableFuture<Response<String>> end = new CompletableFuture<>();

        @Override
        public void onNext(String piece) {
            pieces.add(piece);
        }

        @Override
        public void onComplete(Response<String> response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }
}
