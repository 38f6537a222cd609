package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ProviderSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One file with a route for every task of every provider there is: a new provider is in it by itself. What it takes is
 * the time of the processors, which a machine that is busy otherwise does not stretch.
 */
class EveryProviderIT {
    private static final Duration ENOUGH = Duration.ofSeconds(1);
    private static final int TRIES = 5;
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String JAR = Path.of("target", "gateway-server.jar").toString();
    private static final String VALIDATE = "\"$0\" -Xmx256m -jar \"$1\" validate --config-path \"$2\" && times";
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s$");

    @TempDir
    private Path folder;

    @Test
    void a_file_with_all_of_them_is_valid_within_a_second_of_work() throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), everything());

        Duration best = IntStream.range(0, TRIES)
                .mapToObj(turn -> timeToValidate(file))
                .min(Comparator.naturalOrder())
                .orElseThrow();

        assertThat(best).as("the best of %d runs of the built jar", TRIES).isLessThan(ENOUGH);
    }

    private Duration timeToValidate(Path file) {
        try {
            Process validating = new ProcessBuilder("sh", "-c", VALIDATE, JAVA, JAR, file.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(validating.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output).contains("is valid: " + routes() + " routes");
            return timeOfChildren(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last line of the shell's {@code times}: what its children took, user and system. */
    private static Duration timeOfChildren(String output) {
        Matcher times = TIMES.matcher(output.strip());
        assertThat(times.find()).as(output).isTrue();
        double seconds = 60 * (Double.parseDouble(times.group(1)) + Double.parseDouble(times.group(3)))
                + Double.parseDouble(times.group(2))
                + Double.parseDouble(times.group(4));
        return Duration.ofMillis(Math.round(seconds * 1_000));
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
