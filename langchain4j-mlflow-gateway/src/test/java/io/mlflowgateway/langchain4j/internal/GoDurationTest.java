package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoDurationTest {

    @Test
    void all_forms_are_read() {
        assertThat(GoDuration.of("42s")).contains(Duration.ofSeconds(42));
        assertThat(GoDuration.of("6m0s")).contains(Duration.ofMinutes(6));
        assertThat(GoDuration.of("1h2m3.5s")).contains(Duration.ofMillis(3_723_500));
        assertThat(GoDuration.of("120ms")).contains(Duration.ofMillis(120));
        assertThat(GoDuration.of("1d")).contains(Duration.ofDays(1));
        assertThat(GoDuration.of(" 7 ")).contains(Duration.ofSeconds(7));
        assertThat(GoDuration.of("0.25")).contains(Duration.ofMillis(250));
    }

    @Test
    void anything_else_is_nothing() {
        for (String text : List.of("", "soon", "-1s", "5 s", "s", "1e9", "5x", "99999999999h", "1m".repeat(7))) {
            assertThat(GoDuration.of(text)).as(text).isEmpty();
        }
    }
}
