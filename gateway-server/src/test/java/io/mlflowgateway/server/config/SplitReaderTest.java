package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mlflowgateway.server.query.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitReaderTest {
    private static final String ENDPOINTS = """
            endpoints:
              - {name: a, endpoint_type: llm/v1/chat, model: {provider: echo, name: one}}
              - {name: b, endpoint_type: llm/v1/chat, model: {provider: echo, name: two}}
              - {name: e, endpoint_type: llm/v1/embeddings, model: {provider: echo}}
            """;

    private static String split(String destinations) {
        return ENDPOINTS + "routes:\n  - {name: s, task_type: llm/v1/chat, destinations: " + destinations + "}\n";
    }

    @Test
    void a_split_carries_the_targets_of_its_endpoints_with_their_weights() {
        var config = good("""
                routes:
                  - name: s
                    task_type: llm/v1/chat
                    routing_strategy: TRAFFIC_SPLIT
                    destinations:
                      - {name: a, traffic_percentage: 80}
                      - {name: b, traffic_percentage: 20}
                """ + ENDPOINTS);

        var split = config.routes().get(0);

        assertThat(config.warnings()).isEmpty();
        assertThat(split.name()).isEqualTo("s");
        assertThat(split.split()).isTrue();
        assertThat(split.classic()).isFalse();
        assertThat(split.task()).isEqualTo(Task.CHAT);
        assertThat(split.targets())
                .extracting(RouteConfig.Target::name, RouteConfig.Target::model, RouteConfig.Target::weight)
                .containsExactly(tuple("a", "one", 80), tuple("b", "two", 20));
        assertThat(config.routes()).extracting(RouteConfig::name).containsExactly("s", "a", "b", "e");
    }

    @Test
    void splits_and_classic_routes_stand_in_one_list() {
        var config = good("""
                routes:
                  - {name: old, route_type: llm/v1/chat, model: {provider: echo}}
                  - {name: s, task_type: llm/v1/chat, destinations: [{name: old, traffic_percentage: 100}]}
                """);

        assertThat(config.routes())
                .extracting(RouteConfig::name, RouteConfig::classic, RouteConfig::split)
                .containsExactly(tuple("old", true, false), tuple("s", false, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | destinations: is empty",
                "text | destinations: a list was expected, found a text",
                "[{name: a, traffic_percentage: 99}] | destinations: the traffic_percentage values must add up to 100, found 99",
                "[{name: a, traffic_percentage: 60}, {name: b, traffic_percentage: 60}] | add up to 100, found 120",
                "[{name: a, traffic_percentage: 0}] | destinations[0].traffic_percentage: must be a whole number from 1 to 100",
                "[{name: a, traffic_percentage: 101}] | must be a whole number from 1 to 100, found '101'",
                "[{name: a, traffic_percentage: 50.0}] | must be a whole number from 1 to 100, found '50.0'",
                "[{name: a, traffic_percentage: -1}] | must be a whole number from 1 to 100, found '-1'",
                "[{name: a}] | destinations[0].traffic_percentage: is missing",
                "[{traffic_percentage: 100}] | destinations[0].name: is missing",
                "[text] | destinations[0]: a mapping with name and traffic_percentage was expected",
                "[{name: c, traffic_percentage: 100}] | destinations[0].name: 'c' is no endpoint of this file; did you mean",
                "[{name: s, traffic_percentage: 100}] | destinations[0].name: 's' is no endpoint of this file",
                "[{name: e, traffic_percentage: 100}] | 'e' is of type llm/v1/embeddings, the split of type llm/v1/chat",
                "[{name: a, traffic_percentage: 50}, {name: a, traffic_percentage: 50}] | destinations[1].name: 'a' stands here twice"
            })
    void destinations_that_do_not_work_out_are_refused(String destinations, String message) {
        assertThat(problems(split(destinations)).lines())
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:6: routes[0]")
                .contains(message);
    }

    @Test
    void a_destination_without_a_share_is_asked_when_others_fail() {
        String destinations = "[{name: a, traffic_percentage: 100}, {name: b, traffic_percentage: 0}]";

        var split = good(split(destinations + ", routing: {fallback: true, breaker: {}}"))
                .routes()
                .get(3);

        assertThat(split.routing().fallback()).isTrue();
        assertThat(split.routing().breaker()).isPresent();
        assertThat(split.targets())
                .extracting(RouteConfig.Target::name, RouteConfig.Target::weight)
                .containsExactly(tuple("a", 100), tuple("b", 0));
        assertThat(problems(split(destinations)))
                .contains("must be a whole number from 1 to 100, found '0'; 0, for one that is asked only when others"
                        + " fail, needs fallback");
        assertThat(problems(split(destinations.replace("100", "101") + ", routing: {fallback: true}")))
                .contains("must be a whole number from 0 to 100, found '101'");
    }

    @Test
    void the_cheapest_destination_needs_prices() {
        String priced = "[{name: a, traffic_percentage: 50, price: {input: 1, output: 2}},"
                + " {name: b, traffic_percentage: 50}], routing: {balance: cheapest}";

        assertThat(problems(split(priced)).lines())
                .singleElement()
                .asString()
                .contains("destinations[1].price: is missing");
        assertThat(good(split(priced.replace("50}]", "50, price: {input: 1, output: 1}}]")))
                        .warnings())
                .isEmpty();
    }

    @Test
    void an_endpoint_with_several_targets_is_no_destination() {
        String yaml = split("[{name: a, traffic_percentage: 100}]")
                .replace(
                        "model: {provider: echo, name: one}",
                        "targets: [{model: {provider: echo}}, {name: x, model: {provider: echo}}]");

        assertThat(problems(yaml)).contains("destinations[0].name: 'a' has several targets of its own");
    }

    @Test
    void a_strategy_or_type_there_is_not_is_refused() {
        String yaml = split("[{name: a, traffic_percentage: 100}], routing_strategy: LUCK");

        assertThat(problems(yaml)).contains("routes[0].routing_strategy: 'LUCK' is no routing strategy");
        assertThat(problems(split("[{name: a, traffic_percentage: 100}]").replace("task_type: llm/v1/chat, ", "")))
                .contains("routes[0].task_type: is missing");
    }

    @Test
    void an_endpoint_with_a_problem_of_its_own_is_not_reported_again_by_the_split() {
        String yaml = split("[{name: a, traffic_percentage: 100}]").replace("echo, name: one", "nobody, name: one");

        assertThat(problems(yaml).lines()).singleElement().asString().contains("'nobody' is no provider");
    }

    @Test
    void a_split_takes_no_name_that_is_taken() {
        assertThat(problems(split("[{name: a, traffic_percentage: 100}]").replace("name: s", "name: a")))
                .contains("routes[0].name: the name 'a' is taken already, in line 2");
    }
}
