package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallIdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"abcdefghi", "D681PevKs", "000000000"})
    void nine_letters_or_digits_stay(String id) {
        assertThat(CallIds.nine(id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "call_abc", "toolu_01A09q90qw90lq917835lq9", "abcdefgh", "abcdefghij", "abcdéfghi", "é"})
    void any_other_name_becomes_the_same_nine_each_time(String id) {
        assertThat(CallIds.nine(id)).matches("[A-Za-z0-9]{9}").isEqualTo(CallIds.nine(id));
    }

    @Test
    void different_names_stay_different() {
        Set<String> all = IntStream.range(0, 10_000)
                .mapToObj(i -> CallIds.nine("call_" + i))
                .collect(Collectors.toSet());

        assertThat(all).hasSize(10_000);
    }
}
