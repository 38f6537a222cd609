package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Failure.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureTest {

    @ParameterizedTest
    @CsvSource({
        // a provider's status, whether asking it again may help, whether another target may do better
        "400, false, false",
        "401, false, true",
        "402, false, true",
        "403, false, true",
        "404, false, true",
        "405, false, false",
        "408, true,  true",
        "409, false, false",
        "413, false, false",
        "415, false, false",
        "422, false, false",
        "429, true,  true",
        "500, true,  true",
        "501, false, false",
        "502, true,  true",
        "503, true,  true",
        "504, true,  true",
        "529, true,  true",
        "599, true,  true",
    })
    void a_providers_status_tells_whose_fault_it_is(int status, boolean retryable, boolean blamesTarget) {
        Failure refused = Failure.upstream(status, "no");
        Failure inAnotherShape =
                Failure.of(Kind.UPSTREAM_INVALID, "HTML").answered(status).retryAfter("3");

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.retryable()).isEqualTo(retryable);
        assertThat(refused.blamesTarget()).isEqualTo(blamesTarget);
        assertThat(inAnotherShape.status()).isEqualTo(502);
        assertThat(inAnotherShape.retryable()).isEqualTo(retryable);
        assertThat(inAnotherShape.blamesTarget()).isEqualTo(blamesTarget);
    }

    @Test
    void without_a_status_the_kind_tells() {
        Failure unreachable = Failure.of(Kind.UPSTREAM_UNREACHABLE, "gone");
        Failure invalid = Failure.of(Kind.UPSTREAM_INVALID, "nonsense");
        Failure late = Failure.of(Kind.UPSTREAM_TIMEOUT, "silence");
        Failure neverConnected = late.unsent();

        assertThat(unreachable.retryable()).isTrue();
        assertThat(neverConnected.retryable()).isTrue();
        assertThat(late.retryable()).isFalse();
        assertThat(invalid.retryable()).isFalse();
        assertThat(Arrays.asList(unreachable, invalid, late, neverConnected)).allMatch(Failure::blamesTarget);
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.MATCH_NONE, names = "UPSTREAM_.*")
    void the_gateways_own_refusals_are_never_a_targets_fault(Kind kind) {
        Failure own = Failure.of(kind, "no").retryAfter("1");

        assertThat(own.retryable()).isFalse();
        assertThat(own.blamesTarget()).isFalse();
        assertThat(own.leavesOtherTargets())
                .isEqualTo(EnumSet.of(Kind.PRICE_UNKNOWN, Kind.UNPROCESSABLE, Kind.INVALID_REQUEST)
                        .contains(kind));
    }

    @Test
    void who_is_not_to_blame_is_neither_asked_again_nor_passed_by() {
        Failure late = Failure.of(Kind.UPSTREAM_TIMEOUT, "silence").blameless().retryAfter("1");

        assertThat(late.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
        assertThat(late.concernsTarget()).isFalse();
        assertThat(late.blamesTarget()).isFalse();
        assertThat(late.retryable()).isFalse();
    }

    @Test
    void what_is_said_besides_stays_when_more_is_said() {
        Failure failure = Failure.upstream(429, "slow down")
                .retryAfter("7")
                .detailJson("{\"a\":1}")
                .code("tokens")
                .unsent();

        assertThat(failure.retryAfter()).contains("7");
        assertThat(failure.detailJson()).contains("{\"a\":1}");
        assertThat(failure.code()).isEqualTo("tokens");
        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.getMessage()).isEqualTo("slow down");
    }
}
