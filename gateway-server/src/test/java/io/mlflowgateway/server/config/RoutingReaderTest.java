package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingReaderTest {
    private static final String TARGETS = "[{model: {provider: echo, name: a}}, {model: {provider: echo, name: b}}]";

    private static String entry(String targets, String routing) {
        return "endpoints:\n  - name: chat\n    endpoint_type: llm/v1/chat\n    targets: " + targets + "\n    routing: "
                + routing + "\n";
    }

    private static Routing routing(String routing) {
        return good(entry(TARGETS, routing)).routes().get(0).routing();
    }

    @Test
    void targets_carry_their_names_weights_models_and_prices() {
        var config = good("""
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                      - {name: first, weight: 90, model: {provider: echo, name: m1}, price: {input: 0.15, output: 0.6}}
                      - {weight: 10, model: {provider: Open_AI, name: org/m2, config: {openai_api_key: k}}}
                      - {name: spare, weight: 0, model: {provider: echo}}
                      - model: {provider: echo}
                    routing: {fallback: true}
                """.replace("Open_AI", "OPENAI"));

        var route = config.routes().get(0);

        assertThat(config.warnings()).isEmpty();
        assertThat(route.split()).isFalse();
        assertThat(route.targets())
                .extracting(
                        RouteConfig.Target::name,
                        RouteConfig.Target::weight,
                        RouteConfig.Target::provider,
                        RouteConfig.Target::model,
                        RouteConfig.Target::price)
                .containsExactly(
                        tuple(
                                "first",
                                90,
                                "echo",
                                "m1",
                                Optional.of(new RouteConfig.Price(new BigDecimal("0.15"), new BigDecimal("0.6")))),
                        tuple("openai/org/m2", 10, "openai", "org/m2", Optional.empty()),
                        tuple("spare", 0, "echo", "", Optional.empty()),
                        tuple("echo", 1, "echo", "", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{fallback: true}", "{balance: in-order}", "{sticky-by: body user}"})
    void what_needs_a_choice_is_warned_of_where_there_is_one_target(String routing) {
        var config = good(entry("[{model: {provider: echo, name: a}}]", routing));

        assertThat(config.warnings())
                .singleElement()
                .asString()
                .contains("routing: balance, sticky-by and fallback do nothing where there is one target");
    }

    @Test
    void what_helps_a_single_target_is_not_warned_of() {
        var config = good(entry("[{model: {provider: echo, name: a}}]", "{retries: {}, breaker: {}, hedge: {}}"));

        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void a_route_that_says_nothing_of_routing_is_called_plainly() {
        var plain = good(SampleConfigs.echo("chat")).routes().get(0);

        assertThat(plain.routing()).isEqualTo(Routing.PLAIN);
        assertThat(plain.routing().isPlain()).isTrue();
        assertThat(plain.routing().retries().attempts()).isZero();
        assertThat(routing("").isPlain()).isTrue();
        assertThat(routing("{}").isPlain()).isTrue();
    }

    @Test
    void what_is_not_said_of_retries_breaker_and_hedge_has_its_default() {
        Routing routing = routing("{retries: {}, breaker: {}, hedge: {}}");

        assertThat(routing.retries())
                .isEqualTo(new Routing.Retries(2, Duration.ofMillis(200), Duration.ofSeconds(5), 20));
        assertThat(routing.breaker()).contains(new Routing.Breaker(5, Duration.ofSeconds(30), Duration.ofSeconds(30)));
        assertThat(routing.hedge()).contains(new Routing.Hedge(5, 95, Duration.ofMillis(50)));
        assertThat(routing.fallback()).isFalse();
    }

    @Test
    void all_of_it_can_be_said() {
        Routing routing = routing("{balance: weighted, sticky-by: header X-Session-Id, fallback: true,"
                + " retries: {attempts: 1, backoff: 10ms, max-backoff: 1s, budget: 50},"
                + " breaker: {failures: 3, within: 10s, cooldown: 1m},"
                + " hedge: {budget: 10, after: p90, at-least: 0ms}}");

        assertThat(routing)
                .isEqualTo(new Routing(
                        Routing.Balance.WEIGHTED,
                        Optional.of(new Routing.StickyKey(Routing.StickyKey.Place.HEADER, "x-session-id")),
                        true,
                        new Routing.Retries(1, Duration.ofMillis(10), Duration.ofSeconds(1), 50),
                        Optional.of(new Routing.Breaker(3, Duration.ofSeconds(10), Duration.ofMinutes(1))),
                        Optional.of(new Routing.Hedge(10, 90, Duration.ZERO))));
        assertThat(routing("{sticky-by: body user}").stickyBy())
                .contains(new Routing.StickyKey(Routing.StickyKey.Place.BODY, "user"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"weighted", "in-order", "least-busy", "lowest-latency"})
    void every_balance_has_a_word(String word) {
        Routing routing = routing("{balance: " + word + "}");

        assertThat(routing.balance().word()).isEqualTo(word);
        assertThat(routing.fallback()).isEqualTo(word.equals("in-order"));
    }

    @Test
    void the_cheapest_needs_the_price_of_each_target() {
        String priced = TARGETS.replace("}}", "}, price: {input: 1, output: 2}}");

        assertThat(problems(entry(priced, "{balance: cheapest}"))).isEmpty();
        assertThat(problems(entry(TARGETS, "{balance: cheapest}")).lines())
                .hasSize(2)
                .allMatch(line -> line.contains("price: is missing; balance 'cheapest' needs it"));
        assertThat(problems(SampleConfigs.echo("chat") + "    routing: {balance: cheapest}\n"))
                .contains("is for targets with a price");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text | routing: a mapping with balance, fallback was expected",
                "{balance: weighed} | routing.balance: 'weighed' is no balance; did you mean 'weighted'?; one of",
                "{fallback: maybe} | routing.fallback: must be true or false, found 'maybe'",
                "{balance: in-order, fallback: false} | routing.fallback: is off, but balance 'in-order'",
                "{sticky-by: x-session-id} | routing.sticky-by: must be header and a header's name",
                "{sticky-by: header} | routing.sticky-by: must be header and a header's name",
                "{sticky-by: header x-id, balance: least-busy} | routing.sticky-by: goes with balance 'weighted' only",
                "{retries: 3} | routing.retries: a mapping with attempts was expected",
                "{retries: {attempts: 11}} | routing.retries.attempts: must be a whole number from 0 to 10, found '11'",
                "{retries: {attempts: -1}} | routing.retries.attempts: must be a whole number from 0 to 10, found '-1'",
                "{retries: {backoff: 5}} | routing.retries.backoff: must be a time such as",
                "{retries: {backoff: 2s, max-backoff: 1s}} | routing.retries: backoff is longer than max-backoff (2s, 1s)",
                "{retries: {budget: 0}} | routing.retries.budget: must be a whole number from 1 to 1000, found '0'",
                "{breaker: {failures: 0}} | routing.breaker.failures: must be a whole number from 1 to 1000, found '0'",
                "{breaker: {within: 2h}} | routing.breaker.within: must be a time such as 500ms, 5s or 2m from 1ms to 1h",
                "{breaker: {cooldown: 0s}} | routing.breaker.cooldown: must be a time such as",
                "{hedge: {budget: 101}} | routing.hedge.budget: must be a whole number from 1 to 100",
                "{hedge: {after: p20}} | routing.hedge.after: must be p50 to p99, found 'p20'",
                "{hedge: {after: 95}} | routing.hedge.after: must be p50 to p99, found '95'",
                "{hedge: {at-least: -1s}} | routing.hedge.at-least: must be a time such as",
            })
    void what_does_not_work_out_is_refused(String routing, String message) {
        assertThat(problems(entry(TARGETS, routing)).lines())
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:5: endpoints[0].")
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | targets: must hold 1 to 100 targets, found 0",
                "text | targets: a list was expected, found a text",
                "[text] | targets[0]: a mapping with name, weight and model was expected",
                "[{name: a}] | targets[0].model: is missing",
                "[{name: 'a b', model: {provider: echo}}] | targets[0].name: a name is 1 to 128 of",
                "[{name: a, model: {provider: nobody}}] | targets[0].model.provider: 'nobody' is no provider",
                "[{name: a, model: {provider: text-embedder, name: m, config: {server_url: 'http://h'}}}] | cannot do llm/v1/chat",
                "[{weight: 1001, model: {provider: echo}}] | targets[0].weight: must be a whole number from 0 to 1000",
                "[{weight: 1.5, model: {provider: echo}}] | targets[0].weight: must be a whole number from 0 to 1000",
                "[{weight: 0, model: {provider: echo}}] | targets: has no target with a weight above 0",
                "[{name: a, model: {provider: echo}}, {name: a, model: {provider: echo, name: m}}] | targets[1].name: another target of this route is called 'a' already",
                "[{model: {provider: echo, name: m}}, {model: {provider: echo, name: m}}] | targets[1]: another target of this route is called 'echo/m' already",
                "[{model: {provider: echo}, price: 3}] | targets[0].price: a mapping with input and output was expected",
                "[{model: {provider: echo}, price: {input: 3}}] | targets[0].price.output: is missing",
                "[{model: {provider: echo}, price: {input: -3, output: 1}}] | targets[0].price.input: must be a number from 0",
            })
    void targets_that_do_not_work_out_are_refused(String targets, String message) {
        assertThat(problems(entry(targets, "{fallback: true}")).lines())
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:4: endpoints[0].")
                .contains(message);
    }

    @Test
    void a_target_for_when_others_fail_needs_fallback() {
        String spare = TARGETS.replace("name: b}", "name: b}, weight: 0");

        assertThat(problems(entry(spare, "{balance: in-order}"))).isEmpty();
        assertThat(problems(entry(spare, "{}")))
                .contains("targets[1]: is asked only when others fail (0), which needs routing: {fallback: true}");
    }

    @Test
    void model_and_targets_do_not_stand_side_by_side() {
        assertThat(problems(entry(TARGETS, "{}") + "    model: {provider: echo}\n"))
                .contains("endpoints[0].targets: stands beside model; give one of them");
    }

    @Test
    void too_many_targets_are_refused() {
        String many = "{model: {provider: echo}}, ".repeat(100) + "{model: {provider: echo}}";

        assertThat(problems(entry("[" + many + "]", "{}"))).contains("must hold 1 to 100 targets, found 101");
    }

    @Test
    void unknown_keys_are_warned_of() {
        var config = good(entry(
                TARGETS.replace("name: a}", "name: a}, wait: 3"),
                "{balanced: weighted, retries: {attempt: 1}, breaker: {fails: 1}, hedge: {percent: 1}}"));

        assertThat(config.warnings())
                .hasSize(5)
                .anyMatch(line -> line.contains("targets[0]: unknown key 'wait' is ignored"))
                .anyMatch(line -> line.contains("routing: unknown key 'balanced' is ignored; did you mean 'balance'?"))
                .anyMatch(line -> line.contains("routing.retries: unknown key 'attempt'"))
                .anyMatch(line -> line.contains("routing.breaker: unknown key 'fails'"))
                .anyMatch(line -> line.contains("routing.hedge: unknown key 'percent'"));
    }

    @Test
    void an_endpoint_with_one_model_may_have_retries_and_a_breaker() {
        var route = good(SampleConfigs.echo("chat") + "    routing: {retries: {attempts: 1}, breaker: {}}\n")
                .routes()
                .get(0);

        assertThat(route.targets()).hasSize(1);
        assertThat(route.routing().retries().attempts()).isEqualTo(1);
        assertThat(route.routing().isPlain()).isFalse();
    }
}
