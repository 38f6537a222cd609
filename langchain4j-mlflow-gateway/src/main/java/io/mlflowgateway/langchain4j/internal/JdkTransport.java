package io.mlflowgateway.langchain4j.internal;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The default transport, on the JDK's own client. Nothing waits in a thread: bodies are published as they come, and no
 * more is read from the socket than is asked for.
 */
public final class JdkTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(JdkTransport.class);

    private final AtomicReference<@Nullable HttpClient> client;

    /**
     * Opens no connection yet.
     *
     * @param connectTimeout for each new connection
     */
    public JdkTransport(Duration connectTimeout) {
        // HTTP/1.1: a cancelled stream then closes its connection, which every gateway notices at once. Redirects are
        // never followed, as credentials would go along.
        this.client = new AtomicReference<>(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build());
    }

    @Override
    public Mono<TransportResponse> send(TransportRequest request) {
        return Mono.create(sink -> {
            HttpClient open = client.get();
            if (open == null) {
                sink.error(new IOException("closed"));
            } else {
                send(open, request, sink);
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the sink is told of both outcomes
    private static void send(HttpClient client, TransportRequest request, MonoSink<TransportResponse> sink) {
        AtomicBoolean left = new AtomicBoolean();
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> exchange =
                client.sendAsync(toJdk(request), BodyHandlers.ofPublisher());
        // Called only while the answer is not handed on.
        MonoSink<TransportResponse> answer = sink.onCancel(() -> {
            left.set(true);
            exchange.thenAccept(JdkTransport::abandon);
            exchange.cancel(true);
        });
        exchange.whenComplete((response, failure) -> {
            // After a cancellation a failure is its consequence, and nobody's concern.
            if (left.get()) {
                return;
            }
            if (failure != null) {
                fail(answer, failure);
            } else {
                handOver(response, answer);
            }
        });
    }

    /**
     * Whoever wants the answer has subscribed to its body when it has been told of it. Where nobody has, everyone left
     * meanwhile, anywhere on the way: without this the connection would stay open, unread.
     */
    private static void handOver(
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, MonoSink<TransportResponse> answer) {
        AtomicBoolean taken = new AtomicBoolean();
        TransportResponse whole = fromJdk(response);
        answer.success(new TransportResponse(whole.head(), whole.body().doFirst(() -> taken.set(true))));
        if (!taken.get()) {
            abandon(response);
        }
    }

    private static void fail(MonoSink<TransportResponse> answer, Throwable failure) {
        Throwable cause = failure.getCause();
        answer.error(failure instanceof CompletionException && cause != null ? cause : failure);
    }

    /** The head came as everyone left, a moment before or after: without this the connection would stay open, unread. */
    private static void abandon(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
        fromJdk(response).body().subscribe(bytes -> {}, broken -> {}).dispose();
    }

    @Override
    public void close() {
        HttpClient closing = client.getAndSet(null);
        // The JDK's client can be closed from Java 21 on, and then waits for the calls under way, which are ended
        // elsewhere. That of Java 17 lets its connections go when the garbage collector finds that nobody holds it.
        if (closing instanceof AutoCloseable closeable) {
            CallThreads.scheduler().schedule(() -> close(closeable));
        }
    }

    private static void close(AutoCloseable closing) {
        try {
            closing.close();
        } catch (Exception failure) {
            LOG.debug("The HTTP client could not be closed", failure);
        }
    }

    private static HttpRequest toJdk(TransportRequest request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri());
        request.headers().forEach(builder::setHeader);
        return builder.method(
                        request.method(),
                        request.body().map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody))
                .build();
    }

    private static TransportResponse fromJdk(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
        return new TransportResponse(
                new ResponseHead(response.statusCode(), response.headers().map()),
                JdkFlowAdapter.flowPublisherToFlux(response.body()));
    }
}
