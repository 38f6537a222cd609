package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.exception.LangChain4jException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import reactor.core.publisher.Mono;

/** Waits in the caller's thread, which may be any thread; Reactor's own {@code block} refuses some. */
public final class Blocking {

    private Blocking() {}

    /**
     * Waits for a value. Interrupting the thread ends the call behind it.
     *
     * @param mono never empty
     * @param <T> what is waited for
     * @return the value; its failure is thrown as it is
     */
    public static <T> T await(Mono<T> mono) {
        CompletableFuture<T> future = mono.toFuture();
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new LangChain4jException("Interrupted while waiting for the gateway", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw new LangChain4jException(failed.getCause());
        }
    }
}
