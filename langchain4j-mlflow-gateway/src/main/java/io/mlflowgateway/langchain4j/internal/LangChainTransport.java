package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A user's LangChain4j HTTP client as transport. Such a client blocks a thread for each exchange and keeps no headers of
 * failures; that is the price of plugging it in.
 */
public final class LangChainTransport implements Transport {

    private final HttpClient client;

    /**
     * Builds the client, with our timeouts where the builder has none of its own.
     *
     * @param builder changed by this
     * @param timeouts of the connection
     */
    public LangChainTransport(HttpClientBuilder builder, Timeouts timeouts) {
        if (builder.connectTimeout() == null) {
            builder.connectTimeout(timeouts.connect());
        }
        if (builder.readTimeout() == null) {
            builder.readTimeout(timeouts.firstByte());
        }
        this.client = builder.build();
    }

    @Override
    public Mono<TransportResponse> send(TransportRequest request) {
        if (request.streams()) {
            return Mono.create(sink -> {
                EventBridge bridge = new EventBridge(sink);
                CallThreads.scheduler().schedule(() -> bridge.run(client, translated(request)));
            });
        }
        return Mono.create(sink -> {
            AtomicBoolean left = new AtomicBoolean();
            Disposable task = CallThreads.scheduler().schedule(() -> execute(request, sink, left));
            MonoSink<TransportResponse> unused = sink.onCancel(() -> {
                left.set(true);
                task.dispose();
            });
        });
    }

    /** Whoever leaves interrupts it, and has no use for what it throws then. */
    private void execute(TransportRequest request, MonoSink<TransportResponse> sink, AtomicBoolean left) {
        try {
            sink.success(whole(client.execute(translated(request))));
        } catch (HttpException refusal) {
            sink.success(refused(refusal));
        } catch (RuntimeException failure) {
            if (!left.get()) {
                sink.error(failure);
            }
        }
    }

    @Override
    public void close() {
        // The client is the user's.
    }

    static TransportResponse refused(HttpException failure) {
        String body = failure.getMessage() == null ? "" : failure.getMessage();
        return new TransportResponse(new ResponseHead(failure.statusCode(), Map.of()), Flux.just(buffers(body)));
    }

    static List<ByteBuffer> buffers(String text) {
        return List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static TransportResponse whole(SuccessfulHttpResponse response) {
        byte[] body = response.bodyBytes() == null ? new byte[0] : response.bodyBytes();
        return new TransportResponse(head(response), Flux.just(List.of(ByteBuffer.wrap(body))));
    }

    static ResponseHead head(SuccessfulHttpResponse response) {
        return new ResponseHead(response.statusCode(), response.headers() == null ? Map.of() : response.headers());
    }

    private static HttpRequest translated(TransportRequest request) {
        HttpRequest.Builder builder = HttpRequest.builder()
                .method(HttpMethod.valueOf(request.method()))
                .url(request.uri().toString())
                .addHeaders(request.headers());
        request.body().ifPresent(body -> builder.body(new String(body, StandardCharsets.UTF_8)));
        return builder.build();
    }
}
