package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.GatewayProcess;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.Scrape;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The built jar with its output in pipes that nobody reads. */
class BlockedLogIT {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    /** More lines than a pipe and the queue hold. */
    private static final int CALLS = 12_000;

    private static final int WARM_UP = 2_000;

    @TempDir
    private Path folder;

    /** How long calls took, in microseconds, sorted. */
    private static long[] call(int port, int times) {
        long[] took = new long[times];
        try (RawConnection caller = new RawConnection(port)) {
            for (int i = 0; i < times; i++) {
                long begin = System.nanoTime();
                assertThat(caller.post("/endpoints/chat/invocations", CHAT)
                                .answer()
                                .status())
                        .isEqualTo(200);
                took[i] = (System.nanoTime() - begin) / 1_000;
            }
        }
        Arrays.sort(took);
        return took;
    }

    private static long percentile(long[] sorted, double share) {
        return sorted[(int) (share * (sorted.length - 1))];
    }

    @Proves(Row.BLOCKED_LOG)
    @Test
    void blocked_log_costs_lines_and_no_call() {
        long[] read;
        try (GatewayProcess gateway = new GatewayProcess(Map.of(), "start", "--port", "0")) {
            call(gateway.port(), WARM_UP);
            read = call(gateway.port(), CALLS);
            assertThat(Scrape.of(gateway.port()).sum("gateway_log_dropped_total"))
                    .isZero();
        }

        try (GatewayProcess gateway = new GatewayProcess(builder -> builder, Map.of(), "start", "--port", "0")) {
            call(gateway.port(), WARM_UP);
            long[] unread = call(gateway.port(), CALLS);
            double dropped = Scrape.of(gateway.port()).sum("gateway_log_dropped_total");
            call(gateway.port(), 100);
            double later = Scrape.of(gateway.port()).sum("gateway_log_dropped_total");
            long begin = System.nanoTime();
            gateway.terminate();

            assertThat(gateway.exitCode()).isZero();
            long ended = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            assertThat(dropped).isPositive();
            assertThat(later).isGreaterThanOrEqualTo(dropped + 100);
            assertThat(ended).isLessThan(15_000);
            // Standing still for the pipe would be for ever; the bound is generous for the machine's sake.
            assertThat(percentile(unread, 0.5)).isLessThan(3 * percentile(read, 0.5) + 2_000);
            assertThat(percentile(unread, 0.99)).isLessThan(3 * percentile(read, 0.99) + 50_000);
            Figures.seen(
                    Row.BLOCKED_LOG,
                    "blocked_log_costs_lines_and_no_call",
                    String.format(
                            "%d calls, median %d us and 99th percentile %d us (log read: %d and %d us); %.0f lines dropped"
                                    + " and counted; SIGTERM ended it with 0 after %d ms",
                            CALLS,
                            percentile(unread, 0.5),
                            percentile(unread, 0.99),
                            percentile(read, 0.5),
                            percentile(read, 0.99),
                            dropped,
                            ended));
        }
    }

    @Proves(Row.BLOCKED_LOG)
    @EnabledOnOs(OS.LINUX)
    @Test
    void blocked_log_and_output_from_the_first_byte_on_keep_neither_start_nor_end_from_coming() throws Exception {
        int port = freePort();
        try (FullPipe pipe = new FullPipe(folder.resolve("full"));
                GatewayProcess gateway = new GatewayProcess(
                        builder -> builder.redirectOutput(pipe.file()).redirectError(pipe.file()),
                        Map.of("GATEWAY_NO_SUCH_LIMIT", "1"),
                        "start",
                        "--port",
                        Integer.toString(port))) {
            long begin = System.nanoTime();
            Eventually.within(Duration.ofSeconds(20), "it serves", () -> serves(port));
            long started = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            long[] took = call(port, 100);
            gateway.terminate();

            assertThat(gateway.exitCode()).isZero();
            Figures.seen(
                    Row.BLOCKED_LOG,
                    "blocked_log_and_output_from_the_first_byte_on_keep_neither_start_nor_end_from_coming",
                    "with both outputs full from the start it serves after " + started + " ms, calls take "
                            + percentile(took, 0.5) + " us, and SIGTERM ends it with 0");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_mistake_that_nobody_reads_still_ends_the_process() throws Exception {
        try (FullPipe pipe = new FullPipe(folder.resolve("full"));
                GatewayProcess gateway = new GatewayProcess(
                        builder -> builder.redirectOutput(pipe.file()).redirectError(pipe.file()),
                        Map.of(),
                        "start",
                        "--config-path",
                        folder.resolve("none.yaml").toString())) {
            assertThat(gateway.exitCode()).isEqualTo(2);
        }
    }

    private static boolean serves(int port) {
        try (RawConnection caller = new RawConnection(port)) {
            return caller.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .answer()
                            .status()
                    == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A named pipe that is full, and stays so. */
    private static final class FullPipe implements AutoCloseable {
        private static final int CAPACITY = 64 * 1024;

        private final Path path;
        private final RandomAccessFile bothEnds;

        private FullPipe(Path path) throws IOException, InterruptedException {
            this.path = path;
            assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                    .isZero();
            bothEnds = new RandomAccessFile(file(), "rw");
            bothEnds.write(new byte[CAPACITY]);
        }

        File file() {
            return path.toFile();
        }

        @Override
        public void close() throws IOException {
            bothEnds.close();
        }
    }
}
