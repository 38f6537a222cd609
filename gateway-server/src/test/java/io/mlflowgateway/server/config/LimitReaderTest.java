package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.CallLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitReaderTest {

    private static String limit(String limit) {
        return echo("chat") + "    limit: " + limit + "\n";
    }

    @ParameterizedTest
    @CsvSource({
        "second, PT1S, 1 second",
        "minute, PT1M, 1 minute",
        "hours, PT1H, 1 hour",
        "day, P1D, 1 day",
        "month, P30D, 1 month",
        "year, P360D, 1 year",
        "10 seconds, PT10S, 10 second",
        "10seconds, PT10S, 10 second",
        "' 3  Minute ', PT3M, 3 minute",
        "002 days, P2D, 2 day"
    })
    void a_period_is_read_and_worded_as_mlflow_does(String written, Duration period, String text) {
        var route = good(limit("{calls: 3, renewal_period: '" + written + "'}"))
                .routes()
                .get(0);

        assertThat(route.limit()).contains(new CallLimit(3, period, text));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"0, 0", "'7', 7", "' 8 ', 8", "1_000, 1000", "+5, 5", "999999999999999999, 999999999999999999"})
    void calls_are_a_whole_number_also_as_text_and_also_none(String written, long calls) {
        var route = good(limit("{calls: " + written + ", renewal_period: minute}"))
                .routes()
                .get(0);

        assertThat(route.limit().orElseThrow().calls()).isEqualTo(calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "many", "1e3", "'1; 2'", "[1]", "9999999999999999999999"})
    void calls_that_are_no_number_are_refused(String calls) {
        assertThat(problems(limit("{calls: " + calls + ", renewal_period: minute}")))
                .startsWith("gateway.yaml:5: endpoints[0].limit.calls: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fortnight", "0 seconds", "-1 minute", "1.5 hours", "minute;hour", "10", "101 years", "''"})
    void a_period_that_is_none_is_refused(String period) {
        assertThat(problems(limit("{calls: 1, renewal_period: '" + period + "'}")))
                .startsWith("gateway.yaml:5: endpoints[0].limit.renewal_period: ");
    }

    @Test
    void both_parts_are_needed() {
        assertThat(problems(limit("{}")))
                .contains("limit.calls: is missing")
                .contains("limit.renewal_period: is missing");
        assertThat(problems(limit("minute"))).contains("endpoints[0].limit: a mapping with calls");
    }

    @Test
    void no_limit_and_an_empty_one_are_none() {
        assertThat(good(limit("")).routes().get(0).limit()).isEmpty();
        assertThat(good(echo("chat")).routes().get(0).limit()).isEmpty();
    }

    @Test
    void a_key_is_said_to_be_ignored_and_an_empty_one_is_not_worth_it() {
        assertThat(good(limit("{calls: 1, renewal_period: minute, key: tenant}"))
                        .warnings())
                .containsExactly(
                        "gateway.yaml:5: endpoints[0].limit.key: is not used: the limit counts the calls of all"
                                + " callers together");
        assertThat(good(limit("{calls: 1, renewal_period: minute, key: null}")).warnings())
                .isEmpty();
    }
}
