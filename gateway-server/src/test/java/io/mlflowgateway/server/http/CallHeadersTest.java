package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallHeadersTest {
    @Test
    void milliseconds_have_three_digits_behind_the_point() {
        assertThat(CallHeaders.millis(0)).isEqualTo("0.000");
        assertThat(CallHeaders.millis(1_499)).isEqualTo("0.001");
        assertThat(CallHeaders.millis(12_045_000)).isEqualTo("12.045");
        assertThat(CallHeaders.millis(Duration.ofHours(1).toNanos())).isEqualTo("3600000.000");
    }

    @Test
    void names_that_a_header_can_hold_are_sent_as_they_are() {
        assertThat(CallHeaders.sendable("meta-llama/Llama-3.1:8b")).isEqualTo("meta-llama/Llama-3.1:8b");
    }

    @Test
    void other_names_are_percent_encoded() {
        assertThat(CallHeaders.sendable("mein Größe%\r\nX: y")).isEqualTo("mein%20Gr%C3%B6%C3%9Fe%25%0D%0AX:%20y");
    }
}
