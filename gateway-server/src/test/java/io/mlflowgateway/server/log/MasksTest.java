package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.secret.Secret;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MasksTest {
    private final Masks masks = new Masks();

    @Test
    void a_secret_of_the_configuration_is_masked_from_the_moment_it_is_in_force() {
        String before = masks.now().mask("plain-words-secret");

        masks.keepOut(List.of(new Secret("plain-words-secret")));

        assertThat(before).isEqualTo("plain-words-secret");
        assertThat(masks.now().mask("plain-words-secret")).isEqualTo("***");
    }

    @Test
    void a_secret_that_a_reload_took_out_is_still_masked() {
        masks.keepOut(List.of(new Secret("first-secret-one")));

        masks.keepOut(List.of(new Secret("second-secret-two")));

        assertThat(masks.now().mask("first-secret-one, second-secret-two")).isEqualTo("***, ***");
    }

    @Test
    void secrets_in_force_are_never_forgotten_and_old_ones_only_past_a_bound() {
        masks.keepOut(List.of(new Secret("kept-for-good"), new Secret("kept-a-while")));

        for (int reload = 0; reload < 4; reload++) {
            masks.keepOut(many(reload));
        }

        assertThat(masks.now().mask("kept-for-good")).isEqualTo("***");
        assertThat(masks.now().mask("kept-a-while")).isEqualTo("kept-a-while");
        assertThat(masks.now().mask("value-3-0-end value-3-4999-end value-2-1-end"))
                .isEqualTo("*** *** ***");
        assertThat(masks.now().mask("value-0-1-end")).isEqualTo("value-0-1-end");
    }

    @Test
    void what_came_while_running_is_masked_and_never_drives_out_what_is_configured() {
        masks.keepOut(List.of(new Secret("kept-for-good")));

        IntStream.range(0, Masks.MOST_RETIRED + 10).forEach(i -> masks.keepOutToo(new Secret("fetched-" + i + "-end")));

        assertThat(masks.now().mask("kept-for-good")).isEqualTo("***");
        assertThat(masks.now().mask("fetched-10009-end fetched-9010-end")).isEqualTo("*** ***");
        assertThat(masks.now().mask("fetched-9009-end")).isEqualTo("fetched-9009-end");
    }

    private static List<Secret> many(int reload) {
        return IntStream.rangeClosed(0, 5_000)
                .mapToObj(i -> new Secret(i == 5_000 ? "kept-for-good" : "value-" + reload + "-" + i + "-end"))
                .toList();
    }

    @Test
    void what_looks_like_a_key_is_masked_without_being_known() {
        assertThat(masks.now().mask("/v1/sk-abcdefgh12345678")).isEqualTo("/v1/***");
    }
}
