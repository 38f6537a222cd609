package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Callers leave while their upstream fails: no one is there to be told, and the log has better things to say. */
class QuietLeaversIT {
    private static final int LEAVERS = 200;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger transport = (Logger) LoggerFactory.getLogger("reactor.netty");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        // As in production: of each broken connection the transport warns with a stack trace.
        transport.setLevel(Level.ERROR);
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(lines);
        transport.setLevel(null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void two_hundred_callers_that_leave_at_the_moment_of_a_reset_are_worth_no_warning(boolean streams) {
        CyclicBarrier together = new CyclicBarrier(2);
        ScriptedUpstream.Script resets = exchange -> {
            if (streams) {
                exchange.beginStream().say("one");
            }
            meet(together);
            exchange.reset();
            throw new IOException("reset");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(resets);
                TestGateway gateway = TestGateway.with("""
                        endpoints:
                          - name: chat
                            endpoint_type: llm/v1/chat
                            model: {provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '%s'}}
                        """.formatted(upstream.base()))) {
            String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":" + streams + "}";

            for (int leaver = 0; leaver < LEAVERS; leaver++) {
                try (RawConnection caller =
                        new RawConnection(gateway.port()).post("/endpoints/chat/invocations", body)) {
                    meet(together);
                }
            }

            Eventually.within(Duration.ofSeconds(10), "all are gone", () -> upstream.openConnections() == 0);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
