package io.mlflowgateway.langchain4j.internal;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/**
 * Turns the events a LangChain4j HTTP client pushes back into the bytes they were, so that one reader serves every
 * transport. When the reader falls behind, the pushing thread waits.
 */
final class EventBridge implements ServerSentEventListener {

    private static final int EVENTS_WAITING = 256;

    private final MonoSink<TransportResponse> answer;
    private final Sinks.Many<List<ByteBuffer>> body =
            Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(EVENTS_WAITING), this::stop);
    private boolean opened;
    private volatile boolean stopped;
    private volatile @Nullable ServerSentEventParsingHandle parsing;

    EventBridge(MonoSink<TransportResponse> answer) {
        this.answer = answer.onCancel(this::stop);
    }

    void run(HttpClient client, HttpRequest request) {
        try {
            client.execute(request, this);
        } catch (RuntimeException failure) {
            onError(failure);
        }
    }

    @Override
    public void onOpen(SuccessfulHttpResponse response) {
        open(LangChainTransport.head(response));
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        parsing = context.parsingHandle();
        if (stopped) {
            context.parsingHandle().cancel();
            return;
        }
        onEvent(event);
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        // Some clients, and most fakes of them, never say that they opened.
        open(new ResponseHead(200, Map.of()));
        StringBuilder text = new StringBuilder();
        if (event.event() != null) {
            text.append("event: ").append(event.event()).append('\n');
        }
        event.data().lines().forEach(line -> text.append("data: ").append(line).append('\n'));
        body.emitNext(LangChainTransport.buffers(text.append('\n').toString()), this::waitForRoom);
    }

    @Override
    public void onError(Throwable failure) {
        if (opened) {
            body.emitError(failure, FAIL_FAST);
        } else if (failure instanceof HttpException refusal) {
            opened = true;
            answer.success(LangChainTransport.refused(refusal));
        } else {
            opened = true;
            answer.error(failure);
        }
    }

    @Override
    public void onClose() {
        open(new ResponseHead(200, Map.of()));
        body.emitComplete(FAIL_FAST);
    }

    private void open(ResponseHead head) {
        if (!opened) {
            opened = true;
            answer.success(new TransportResponse(head, body.asFlux()));
            // Who wants the body has subscribed by now. Otherwise everyone has left, and nobody would make room in it.
            if (body.currentSubscriberCount() == 0) {
                stop();
            }
        }
    }

    private boolean waitForRoom(SignalType signal, EmitResult result) {
        if (result != EmitResult.FAIL_OVERFLOW || stopped) {
            return false;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        return true;
    }

    private void stop() {
        stopped = true;
        ServerSentEventParsingHandle running = parsing;
        if (running != null) {
            running.cancel();
        }
    }
}
