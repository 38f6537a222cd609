import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.language.StreamingLanguageModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One stream: its pieces as they came, and how it ended. */
final class Stream<T> {

    final List<String> pieces = new CopyOnWriteArrayList<>();
    final List<String> toolParts = new CopyOnWriteArrayList<>();
    final List<CompleteToolCall> tools = new CopyOnWriteArrayList<>();
    final CompletableFuture<StreamingHandle> begun = new CompletableFuture<>();
    private final CompletableFuture<T> whole = new CompletableFuture<>();

    static Stream<ChatResponse> chat(StreamingChatModel model, ChatRequest request) {
        Stream<ChatResponse> stream = new Stream<>();
        model.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
                stream.pieces.add(part.text());
                stream.begun.complete(context.streamingHandle());
            }

            @Override
            public void onPartialToolCall(PartialToolCall part) {
                stream.toolParts.add(part.partialArguments());
            }

            @Override
            public void onCompleteToolCall(CompleteToolCall call) {
                stream.tools.add(call);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                stream.whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                stream.whole.completeExceptionally(error);
            }
        });
        return stream;
    }

    static Stream<Response<String>> language(StreamingLanguageModel model, String prompt) {
        Stream<Response<String>> stream = new Stream<>();
        model.generate(prompt, new StreamingResponseHandler<>() {
            @Override
            public void onNext(String piece) {
                stream.pieces.add(piece);
            }

            @Override
            public void onComplete(Response<String> response) {
                stream.whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                stream.whole.completeExceptionally(error);
            }
        });
        return stream;
    }

    /** The whole answer, or the failure itself. */
    T answer() throws Exception {
        try {
            return whole.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception failure ? failure : failed;
        } catch (TimeoutException late) {
            throw new AssertionError("the stream had not ended after 30 s", late);
        }
    }

    String text() {
        return String.join("", pieces);
    }
}
