package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file with a route for every task of every provider there is: a new provider is in it by itself. */
class EveryProviderIT {
    private static final Duration ENOUGH = Duration.ofSeconds(1);
    private static final int TRIES = 5;

    @TempDir
    private Path folder;

    @Test
    void a_file_with_all_of_them_is_valid_within_a_second() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), everything());

        Duration best = IntStream.range(0, TRIES)
                .mapToObj(turn -> timeToValidate(file))
                .min(Comparator.naturalOrder())
                .orElseThrow();

        assertThat(best).as("the best of %d runs of the built jar", TRIES).isLessThan(ENOUGH);
    }

    private static Duration timeToValidate(Path file) {
        long begun = System.nanoTime();
        try (GatewayProcess validating = new GatewayProcess(Map.of(), "validate", "--config-path", file.toString())) {
            int exit = validating.exitCode(Duration.ofSeconds(60));
            Duration took = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(exit).as(validating.output()).isZero();
            assertThat(validating.output()).contains("is valid: " + routes() + " routes");
            return took;
        }
    }

    private static long routes() {
        return new Providers()
                .specs().stream().mapToLong(spec -> spec.tasks().size()).sum();
    }

    private static String everything() {
        return "endpoints:\n"
                + new Providers()
                        .specs().stream().map(EveryProviderIT::endpoints).collect(Collectors.joining());
    }

    private static String endpoints(ProviderSpec spec) {
        String target = new CellFiles(spec).target("http://127.0.0.1:9").replace("\n", " ");
        return spec.tasks().stream()
                .map(task -> task.name().toLowerCase(Locale.ROOT))
                .map(task -> "  - {name: " + spec.name() + "." + task + ", endpoint_type: llm/v1/" + task + ", model: "
                        + target + "}\n")
                .collect(Collectors.joining());
    }
}
