package io.mlflowgateway.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Summary summary = new Summary(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    private String printed() {
        summary.print();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_sample_that_fails_is_told_and_the_next_one_still_runs() {
        AtomicBoolean ran = new AtomicBoolean();

        summary.run(new Step("First", "fails", () -> {
            throw new IOException("no answer\nand more");
        }));
        summary.run(new Step("Second", "works", () -> ran.set(true)));

        assertThat(printed())
                .containsPattern("First +FAILED +\\d+\\.\\d  no answer\n")
                .containsPattern("Second +ok ");
        assertThat(ran).isTrue();
        assertThat(summary.failed()).isTrue();
    }

    @Test
    void a_sample_that_cannot_run_here_is_skipped_with_its_reason_and_is_no_failure() {
        summary.run(new Step("Third", "needs more", () -> Optional.of("there is no Python"), () -> {
            throw new IOException("must not run");
        }));

        assertThat(printed()).contains("skipped: there is no Python").containsPattern("Third +skipped ");
        assertThat(summary.failed()).isFalse();
    }

    @Test
    void a_promise_not_kept_fails_the_sample() {
        summary.run(new Step("Fourth", "promises", () -> Step.require(false, "2 calls failed")));

        assertThat(printed()).contains("FAILED: 2 calls failed");
        assertThat(summary.failed()).isTrue();
    }
}
