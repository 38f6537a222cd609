package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes down every callback of a stream, in order, and on which threads they came. */
class RecordingHandler implements StreamingChatResponseHandler {

    final List<String> callbacks = new CopyOnWriteArrayList<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final CompletableFuture<StreamingHandle> firstText = new CompletableFuture<>();
    private final CompletableFuture<Object> end = new CompletableFuture<>();
    private final CountDownLatch afterTheEnd = new CountDownLatch(1);

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        note("text " + part.text());
        firstText.complete(context.streamingHandle());
    }

    @Override
    public void onPartialThinking(PartialThinking part) {
        note("thinking " + part.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall part) {
        note("part " + part.index() + " " + part.id() + " " + part.name() + " " + part.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        note("tool " + call.index() + " " + call.toolExecutionRequest().id() + " "
                + call.toolExecutionRequest().name() + " "
                + call.toolExecutionRequest().arguments());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        note("complete " + response.aiMessage().text());
        end.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        note("error " + error.getClass().getSimpleName());
        end.complete(error);
    }

    ChatResponse response() {
        Object last = StubGateway.soon(end);
        if (last instanceof Throwable failure) {
            throw new AssertionError("failed instead of completing", failure);
        }
        return (ChatResponse) last;
    }

    Throwable failure() {
        return (Throwable) StubGateway.soon(end);
    }

    /** Waits for either end. */
    void ended() {
        StubGateway.soon(end);
    }

    /** Whether anything more was said within a third of a second after the end. */
    boolean saidMore() {
        try {
            return afterTheEnd.await(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Whether more callbacks were made than so many, or are within a third of a second. */
    boolean saidMoreThan(int number) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        while (callbacks.size() <= number && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return callbacks.size() > number;
    }

    private void note(String callback) {
        if (end.isDone()) {
            afterTheEnd.countDown();
        }
        callbacks.add(callback);
        threads.add(Thread.currentThread());
    }
}
