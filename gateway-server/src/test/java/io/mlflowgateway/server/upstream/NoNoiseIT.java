package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.QuietLog;
import io.mlflowgateway.server.testing.RawUpstream;
import io.netty.channel.EventLoop;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Leaving is normal: what becomes of an exchange nobody waits for any more is worth no line in the log. */
class NoNoiseIT extends UpstreamFixture {
    private static final int LEAVERS = 200;

    private final QuietLog log = new QuietLog();

    @AfterEach
    void stopListening() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before the head", "inside a body", "inside a stream"})
    void callers_that_leave_while_their_upstream_resets_leave_no_line_in_the_log(String when) {
        CyclicBarrier together = new CyclicBarrier(2);
        EventLoop loop = (EventLoop) loops.onClient(true).next();
        RawUpstream.Script resets = talk -> {
            talk.readRequest();
            switch (when) {
                case "inside a body" -> talk.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
                case "inside a stream" -> talk.send(RawUpstream.STREAM_HEAD + RawUpstream.chunk("data: 1\n\n"));
                default -> talk.idle(1);
            }
            QuietLog.meet(together);
            talk.reset();
        };
        try (RawUpstream server = new RawUpstream(resets)) {
            for (int i = 0; i < LEAVERS; i++) {
                Mono<?> exchange = when.equals("inside a stream")
                        ? events(upstream, server.url()).then()
                        : upstream.send(whole(server.url()), soon());
                // As the edge does: all of it on the loop of the caller's connection.
                AtomicReference<Disposable> call = new AtomicReference<>(Disposables.disposed());
                loop.execute(() -> call.set(exchange.subscribe(answer -> {}, thrown -> {})));
                QuietLog.meet(together);
                loop.execute(() -> Objects.requireNonNull(call.get()).dispose());
            }
            Eventually.within(PATIENCE, "all connections are closed", () -> server.openConnections() == 0);
            settle();
        }

        assertThat(log.lines()).isEmpty();
    }
}
