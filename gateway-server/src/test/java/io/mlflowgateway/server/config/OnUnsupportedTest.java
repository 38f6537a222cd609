package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnUnsupportedTest {
    @ParameterizedTest
    @CsvSource({
        "'',DROP",
        "'    on_unsupported: drop',DROP",
        "'    on_unsupported: reject',REJECT",
        "'    on_unsupported: forward',FORWARD"
    })
    void a_route_says_what_is_done(String line, OnUnsupported policy) {
        assertThat(good(file(line)).routes())
                .extracting(RouteConfig::onUnsupported)
                .containsExactly(policy);
    }

    @Test
    void a_split_has_a_word_of_its_own() {
        String split = "routes:\n  - name: split\n    task_type: llm/v1/chat\n    on_unsupported: forward\n"
                + "    destinations: [{name: chat, traffic_percentage: 100}]\n";

        assertThat(good(split + file("    on_unsupported: reject")).routes())
                .extracting(RouteConfig::onUnsupported)
                .containsExactly(OnUnsupported.FORWARD, OnUnsupported.REJECT);
    }

    @Test
    void another_word_is_a_problem_that_names_the_words() {
        assertThat(problems(file("    on_unsupported: rejct")))
                .startsWith("gateway.yaml:5: endpoints[0].on_unsupported: must be one of 'drop', 'reject', 'forward',"
                        + " found 'rejct'")
                .contains("did you mean 'reject'");
    }

    private static String file(String line) {
        return "endpoints:\n  - name: chat\n    endpoint_type: llm/v1/chat\n    model: {provider: echo}\n" + line
                + "\n";
    }
}
