package io.mlflowgateway.samples.localmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void a_terminal_sees_one_line_redrawn() {
        ProgressBar bar = new ProgressBar(out, true);

        bar.show(50_000_000, 200_000_000);
        bar.end(200_000_000);

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .startsWith("\r  [#######.......................]  25 %  50 of 200 MB")
                .contains("100 %  200 of 200 MB" + System.lineSeparator());
    }

    @Test
    void a_log_gets_a_line_per_quarter_at_most() {
        ProgressBar bar = new ProgressBar(out, false);

        for (int percent = 0; percent <= 100; percent++) {
            bar.show(percent, 100);
        }
        bar.end(100);

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).hasSize(4);
    }

    @Test
    void more_than_all_is_shown_as_all() {
        ProgressBar bar = new ProgressBar(out, true);

        bar.show(300_000_000, 200_000_000);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("100 %  200 of 200 MB");
    }
}
