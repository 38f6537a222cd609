package io.mlflowgateway.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusLabelTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "200, 200", "404, 404", "429, 429", "529, 529", "599, 5xx", "477, 4xx", "299, 2xx", "-1, 1xx"})
    void a_status_in_use_is_itself_and_any_other_its_hundred(int status, String label) {
        assertThat(StatusLabel.of(StatusLabel.bounded(status))).isEqualTo(label);
    }

    @Test
    void there_are_few() {
        assertThat(IntStream.range(-10, 100_000).map(StatusLabel::bounded).distinct())
                .hasSizeLessThan(100);
    }
}
