package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.reliability.Figures;
import io.mlflowgateway.server.reliability.Proves;
import io.mlflowgateway.server.reliability.Row;
import io.mlflowgateway.server.testing.FuzzInputs;
import io.mlflowgateway.server.testing.FuzzRun;
import io.mlflowgateway.server.testing.Mutator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Broken files end in a report, never in anything else, soon, and no report shows the key that stands in the file. */
@Timeout(3_000)
class ConfigFuzzTest {
    private static final List<byte[]> FILES = FuzzInputs.documents("configs.txt");
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Pattern KEY = Pattern.compile("openai_api_key: *(>-\\s*)?[\"']?" + CANARY);

    private final AtomicLong inPlace = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();

    @Test
    @Proves(Row.FUZZ)
    void fuzz_files_are_taken_or_refused_and_show_no_key() {
        String seen = files(Duration.ofSeconds(4));

        Figures.seen(Row.FUZZ, "fuzz_files_are_taken_or_refused_and_show_no_key", seen);
    }

    @Test
    @Tag("nightly")
    @Proves(Row.FUZZ)
    void fuzz_files_for_minutes() {
        Figures.seen(Row.FUZZ, "fuzz_files_for_minutes", files(Duration.ofMinutes(3)));
    }

    private String files(Duration time) {
        Mutator mutator = new Mutator(FILES, FuzzInputs.lines("config-words.txt"));
        long tried = new FuzzRun("configuration files", time).run(2, FILES, mutator::next, this::attempt);
        assertThat(taken.get()).isBetween(tried / 100, tried - 1);
        assertThat(inPlace.get()).isGreaterThan(tried / 2);
        return tried + " configuration files: " + taken + " taken, the others refused with a report, no key shown";
    }

    private void attempt(byte[] file, SplittableRandom random) {
        long began = System.nanoTime();

        String said = said(file);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST);
        if (keysStandInTheirPlaces(file)) {
            inPlace.incrementAndGet();
            assertThat(said).doesNotContain(CANARY);
        }
        taken.addAndGet(said.isEmpty() ? 1 : 0);
    }

    @Test
    void the_first_file_is_good() {
        assertThat(said(FILES.get(0))).isEmpty();
    }

    @Test
    void every_truncation_is_refused_or_taken_and_shows_no_key() {
        for (byte[] file : FILES) {
            for (int length = 0; length < file.length; length++) {
                assertThat(said(Arrays.copyOf(file, length))).doesNotContain(CANARY);
            }
        }
    }

    /** Whether what must not be shown is only where a key stands: a splice may have made a name of it. */
    private static boolean keysStandInTheirPlaces(byte[] file) {
        String rest = KEY.matcher(new String(file, StandardCharsets.ISO_8859_1)).replaceAll("");
        return !rest.contains(CANARY);
    }

    /** Everything the reader says of the file, problems or warnings. */
    private static String said(byte[] file) {
        try {
            return String.join(
                    "\n",
                    new ConfigReader(SampleConfigs.PROVIDERS, SampleConfigs.ENVIRONMENT)
                            .read("gateway.yaml", file)
                            .warnings());
        } catch (InvalidConfig e) {
            return String.valueOf(e.getMessage());
        }
    }
}
