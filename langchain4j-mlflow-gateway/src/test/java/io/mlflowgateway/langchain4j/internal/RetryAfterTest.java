package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.InvalidRequestException;
import io.mlflowgateway.langchain4j.failure.FailureDetails;
import io.mlflowgateway.langchain4j.failure.GatewayInternalServerException;
import io.mlflowgateway.langchain4j.failure.GatewayUnsupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryAfterTest {

    @Test
    void seconds_and_dates_are_understood_and_nonsense_is_not() {
        assertThat(of("7")).contains(Duration.ofSeconds(7));
        assertThat(of(" 0 ")).contains(Duration.ZERO);
        assertThat(of("Sat, 21 Nov 2026 10:00:30 GMT")).contains(Duration.ofSeconds(30));
        assertThat(of("Sat, 21 Nov 2026 09:00:00 GMT")).contains(Duration.ZERO);
        for (String wrong : List.of("", "soon", "-1", "1.5", "99999999999999999999", "21 Nov")) {
            assertThat(of(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void what_the_server_asked_for_is_waited_up_to_a_minute() {
        assertThat(RetryPause.after(failure(Duration.ofSeconds(60)), 0, Duration.ofSeconds(60)))
                .contains(Duration.ofSeconds(60));
        assertThat(RetryPause.after(failure(Duration.ofSeconds(61)), 0, Duration.ofSeconds(60)))
                .isEmpty();
        assertThat(RetryPause.after(failure(Duration.ZERO), 0, Duration.ofSeconds(60)))
                .contains(Duration.ZERO);
    }

    @Test
    void without_a_word_from_the_server_pauses_grow_and_vary() {
        assertThat(RetryPause.after(failure(null), 0, Duration.ofSeconds(60)).orElseThrow())
                .isBetween(Duration.ofMillis(400), Duration.ofMillis(600));
        assertThat(RetryPause.after(failure(null), 2, Duration.ofSeconds(60)).orElseThrow())
                .isBetween(Duration.ofMillis(900), Duration.ofMillis(1350));
        assertThat(RetryPause.after(failure(null), 1000, Duration.ofSeconds(60)).orElseThrow())
                .isLessThan(Duration.ofSeconds(13));
    }

    @Test
    void what_will_not_pass_is_not_repeated() {
        FailureDetails details = FailureDetails.unanswered(Optional.empty(), 1);

        assertThat(RetryPause.after(new InvalidRequestException("no"), 0, Duration.ofSeconds(60)))
                .isEmpty();
        assertThat(RetryPause.after(new GatewayUnsupportedException("no", details, null), 0, Duration.ofSeconds(60)))
                .isEmpty();
        assertThat(RetryPause.after(new IllegalStateException("bug"), 0, Duration.ofSeconds(60)))
                .isEmpty();
    }

    private static Optional<Duration> of(String value) {
        return RetryAfter.of(new ResponseHead(
                429, Map.of("retry-after", List.of(value), "Date", List.of("Sat, 21 Nov 2026 10:00:00 GMT"))));
    }

    private static GatewayInternalServerException failure(@Nullable Duration retryAfter) {
        FailureDetails details = new FailureDetails(
                OptionalInt.of(503),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(retryAfter),
                Optional.empty(),
                Optional.empty(),
                1);
        return new GatewayInternalServerException("busy", details, null);
    }
}
