package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files made to fill the memory or to keep the reader busy: each is refused soon, by the line where it went too far. */
class ConfigBombTest {
    private static final int TEXT = YamlTree.MAX_TEXT;

    @Test
    void a_text_of_the_longest_length_is_taken() {
        String longest = "x".repeat(TEXT - 2);

        assertThat(problems("routes: []\nx-a: \"" + longest + "\"\nx-b: " + longest + "\n"))
                .isEmpty();
    }

    @Timeout(30)
    @Test
    void a_text_that_does_not_end_is_refused_before_it_is_read() {
        String endless = CANARY + "x".repeat(8_000_000);

        assertThat(problems("routes: []\nx-a: \"" + endless + "\"\n"))
                .isEqualTo("gateway.yaml:2: (document): a text of more than 65536 characters");
        assertThat(problems("routes: []\nx-a: " + endless + "\n"))
                .contains("gateway.yaml:2")
                .doesNotContain(CANARY);
        assertThat(problems("routes: []\nx-a: |\n  " + endless + "\n")).contains("gateway.yaml:3");
        assertThat(problems("routes: []\nx-a: \"" + " ".repeat(8_000_000) + "\"\n"))
                .contains("gateway.yaml:2");
        assertThat(problems("routes: []\n" + "k".repeat(8_000_000) + ": 1\n")).contains("gateway.yaml:2");
    }

    @Test
    void a_text_that_grows_line_by_line_is_refused() {
        String lines = ("  " + "x".repeat(60) + "\n").repeat(2_000);

        assertThat(problems("routes: []\nx-a: |\n" + lines))
                .isEqualTo("gateway.yaml:2: (document): a text of more than 65536 characters");
    }

    @Timeout(30)
    @Test
    void more_values_than_the_memory_holds_are_refused() {
        assertThat(problems("x-a:\n" + "- a\n".repeat((int) YamlTree.MAX_EXPANDED) + "routes: []\n"))
                .contains("more than " + YamlTree.MAX_EXPANDED + " values");
    }

    @Timeout(30)
    @Test
    void thousands_of_mistakes_are_told_in_time() {
        String endpoints = IntStream.range(0, 5_000)
                .mapToObj(
                        i -> "- {name: route-%05d, endpoint_type: llm/v1/chat, model: {provider: echo}}%n".formatted(i))
                .collect(Collectors.joining());
        String splits = IntStream.range(0, 5_000)
                .mapToObj(i -> ("- {name: split-%1$05d, task_type: llm/v1/chat,"
                                + " destinations: [{name: rouxx-%1$05d, traffic_percentage: 100}]}%n")
                        .formatted(i))
                .collect(Collectors.joining());

        assertThat(problems("endpoints:\n" + endpoints + "routes:\n" + splits))
                .contains("'rouxx-00000' is no endpoint of this file")
                .contains("and 4000 more problems");
    }

    @Timeout(10)
    @Test
    void a_period_of_blanks_is_told_in_time() {
        String blanks = " ".repeat(TEXT - 10);

        assertThat(problems("endpoints:\n- name: a\n  endpoint_type: llm/v1/chat\n  model: {provider: echo}\n"
                        + "  limit: {calls: 1, renewal_period: \"" + blanks + "x\"}\n"))
                .contains("must be second, minute");
    }

    @Test
    void ten_thousand_routes_with_settings_of_their_own_fit() {
        String routes =
                IntStream.range(0, 10_000).mapToObj(i -> """
                        - name: route-%d
                          endpoint_type: llm/v1/chat
                          model: {provider: openai, name: m, config: {openai_api_key: k-%d, openai_api_base: 'http://h/v1'}}
                          limit: {calls: 10, renewal_period: minute}
                          x-timeouts: {connect: 1s, tls-handshake: 1s, first-byte: 1s, stream-idle: 1s, total: 9s}
                          x-limits: {response-body: 1MiB, upstream-connections: 10}
                        """.formatted(i, i)).collect(Collectors.joining());

        assertThat(good("endpoints:\n" + routes).routes()).hasSize(10_000);
    }
}
