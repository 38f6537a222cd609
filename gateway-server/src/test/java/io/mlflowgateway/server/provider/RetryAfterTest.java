package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "86400", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT"})
    void seconds_and_dates_are_passed_on(String value) {
        assertThat(RetryAfter.sane(Optional.of(value))).contains(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "5, 6", "soon", "<script>", "sk-abcdef0123456789", "1234567890123456789", "5\u00ff"})
    void anything_else_is_left_out(String value) {
        assertThat(RetryAfter.sane(Optional.of(value))).isEmpty();
    }
}
