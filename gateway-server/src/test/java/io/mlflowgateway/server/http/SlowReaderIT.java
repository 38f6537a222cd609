package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that take their answer slowly, or not at all. */
class SlowReaderIT {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int SMALL = 8 * 1024;

    private final TestServer server = TestServer.with(Map.of("write-idle-timeout", "800ms", "total-timeout", "60s"));
    private final RawConnection caller = new RawConnection(server.port(), SMALL);

    @AfterEach
    void stop() {
        caller.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/big", "/endless"})
    @Proves(Row.SLOW_READER)
    void slow_reader_of_whole_answer_or_stream_is_cut_when_it_takes_nothing(String path) {
        caller.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Observed.Exchange cut = server.observed.only();

        Eventually.within(
                LONG, "the connection is closed", () -> server.server().connections() == 0);
        assertThat(cut.ending().outcome()).isEqualTo(Ending.Outcome.CUT);
        assertThat(cut.ending().status()).isEqualTo(200);
        assertThat(cut.ending().failure()).map(Failure::status).contains(408);
        assertThat(cut.ending().took()).isGreaterThan(Duration.ofMillis(800));
        Figures.seen(
                Row.SLOW_READER,
                "slow_reader_of_whole_answer_or_stream_is_cut_when_it_takes_nothing",
                path + " was cut " + cut.ending().took().toMillis()
                        + " ms after its request at a write-idle time of 800");
    }

    @Test
    @Proves(Row.SLOW_READER)
    void slow_reader_that_takes_a_little_now_and_then_gets_all_of_it() {
        caller.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
        long began = System.nanoTime();

        caller.readUntil("\r\n\r\n");
        for (int i = 0; i < 8; i++) {
            int step = i;
            caller.take(256 * 1024);
            Eventually.within(LONG, "a third of a second passes", () -> since(began) > 330 * (step + 1));
        }
        caller.take((16 << 20) - 8 * 256 * 1024);

        assertThat(since(began)).isGreaterThan(1600);
        assertThat(server.observed.only().ending().outcome()).isEqualTo(Ending.Outcome.ANSWERED);
        Figures.seen(
                Row.SLOW_READER,
                "slow_reader_that_takes_a_little_now_and_then_gets_all_of_it",
                "16 MiB taken over " + since(began)
                        + " ms, in steps further apart than a quarter of the write-idle time");
    }

    private static long since(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
