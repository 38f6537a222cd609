package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.QuietLog;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers leave while their upstream fails: no one is there to be told, and the log has better things to say. */
class QuietLeaversIT {
    private static final int LEAVERS = 200;

    private final QuietLog log = new QuietLog();

    @AfterEach
    void stopListening() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void two_hundred_callers_that_leave_at_the_moment_of_a_reset_are_worth_no_warning(boolean streams) {
        CyclicBarrier together = new CyclicBarrier(2);
        ScriptedUpstream.Script resets = exchange -> {
            if (streams) {
                exchange.beginStream().say("one");
            }
            QuietLog.meet(together);
            exchange.reset();
            throw new IOException("reset");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(resets);
                TestGateway gateway = TestGateway.inFrontOf(upstream, Map.of())) {
            String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":" + streams + "}";

            for (int leaver = 0; leaver < LEAVERS; leaver++) {
                try (RawConnection caller =
                        new RawConnection(gateway.port()).post("/endpoints/chat/invocations", body)) {
                    QuietLog.meet(together);
                }
            }

            Eventually.within(Duration.ofSeconds(10), "all are gone", () -> upstream.openConnections() == 0);
        }
        assertThat(log.lines())
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }
}
