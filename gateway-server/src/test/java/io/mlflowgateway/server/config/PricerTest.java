package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Price;
import io.mlflowgateway.server.query.Pricing;
import io.mlflowgateway.server.query.TokenClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricerTest {
    private static final String KNOWN = "{provider: openai, name: gpt-4o, config: {openai_api_key: k}}";
    private static final String OTHER = "{provider: openai, name: nobody-knows, config: {openai_api_key: k}}";

    /** A file of one route with this model and these lines of its own, below these lines of the file. */
    private static String file(String top, String model, String own) {
        return top
                + (top.isEmpty() ? "" : "\n")
                + "endpoints:\n  - name: chat\n    endpoint_type: llm/v1/chat\n    model: " + model + "\n" + own;
    }

    private static Pricing pricing(String yaml) {
        return good(yaml).routes().get(0).targets().get(0).pricing();
    }

    private static long input(Pricing pricing) {
        Price price = pricing.price().orElseThrow();
        return price.picoUsd(TokenClass.INPUT, 1) / 1_000;
    }

    @Test
    void a_model_costs_what_the_table_says_where_the_file_says_nothing() {
        assertThat(input(pricing(file("", KNOWN, "")))).isEqualTo(2_500);
        assertThat(pricing(file("", KNOWN, "")).known()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt-4o: {input: 7, output: 8}|7000",
                "openai/gpt-4o: {input: 6, output: 8}, gpt-4o: {input: 7, output: 8}|6000",
            })
    void the_file_overrules_the_table_and_a_model_of_a_provider_any_of_the_name(String prices, long input) {
        assertThat(input(pricing(file("prices: {" + prices + "}", KNOWN, "")))).isEqualTo(input);
    }

    @Test
    void a_targets_own_price_overrules_all_others() {
        String yaml = """
                prices: {gpt-4o: {input: 7, output: 8}}
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    targets:
                      - {model: %s, price: {input: 1, output: 2, cache_read: 0.5}}
                """.formatted(KNOWN);

        Price price = pricing(yaml).price().orElseThrow();

        assertThat(price.picoUsd(TokenClass.INPUT, 1)).isEqualTo(1_000_000);
        assertThat(price.picoUsd(TokenClass.CACHE_READ, 1)).isEqualTo(500_000);
    }

    @Test
    void a_provider_without_a_model_is_priced_by_its_name() {
        assertThat(input(pricing(file("prices: {echo: {input: 3, output: 3}}", "{provider: echo}", ""))))
                .isEqualTo(3_000);
    }

    @Test
    void an_unknown_price_is_what_the_file_says_and_the_route_knows_better() {
        String standIn = "default_price: {input: 9, output: 9}\n";

        assertThat(pricing(file("", OTHER, ""))).isEqualTo(Pricing.UNKNOWN);
        assertThat(pricing(file("unknown_price: zero", OTHER, ""))).isEqualTo(Pricing.UNKNOWN);
        assertThat(pricing(file("unknown_price: deny", OTHER, ""))).isEqualTo(Pricing.REFUSED);
        assertThat(pricing(file("unknown_price: deny", OTHER, "    unknown_price: zero\n")))
                .isEqualTo(Pricing.UNKNOWN);
        Pricing assumed = pricing(file(standIn + "unknown_price: deny", OTHER, "    unknown_price: default\n"));
        assertThat(input(assumed)).isEqualTo(9_000);
        assertThat(assumed.known()).isFalse();
        assertThat(pricing(file("unknown_price: deny", KNOWN, "")).allowed()).isTrue();
    }

    @Test
    void a_split_has_a_word_of_its_own_on_unknown_prices() {
        String yaml =
                "unknown_price: deny\nroutes:\n  - name: split\n    task_type: llm/v1/chat\n    unknown_price: zero\n"
                        + "    destinations: [{name: chat, traffic_percentage: 100}]\n";

        List<RouteConfig> routes = good(yaml + file("", OTHER, "")).routes();

        assertThat(routes)
                .extracting(route -> route.targets().get(0).pricing())
                .containsExactly(Pricing.UNKNOWN, Pricing.REFUSED);
    }

    @Test
    void who_is_refused_and_which_price_is_nobodys_are_told_at_load() {
        List<String> warnings = good(file("prices: {gtp-4o: {input: 1, output: 1}}\nunknown_price: deny", OTHER, ""))
                .warnings();

        assertThat(warnings)
                .containsExactly(
                        "gateway.yaml:1: prices.gtp-4o: is the price of no target of this file",
                        "gateway.yaml:4: endpoints[0]: nobody knows what 'openai/nobody-knows' costs, and its calls are"
                                + " refused; give it a price under prices");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "prices: 3 | prices: a mapping of models to prices was expected",
                "prices: {m: } | prices.m: has no price",
                "prices: {m: {input: -1, output: 1}} | prices.m.input: must be a number from 0",
                "prices: {m: {input: 1e3, output: 1}} | prices.m.input: must be a number from 0",
                "prices: {m: {input: 1}} | prices.m.output: is missing",
                "prices: {m: {input: 1, output: 1, cached: 1}} | prices.m.cached: is no class of tokens",
                "default_price: {input: x, output: 1} | default_price.input: must be a number from 0",
                "unknown_price: never | unknown_price: must be one of 'zero', 'default', 'deny', found 'never'",
                "unknown_price: default | unknown_price: is default, and the file has no good default_price",
            })
    void what_is_wrong_with_a_price_is_told_with_its_path(String top, String message) {
        assertThat(problems(file(top, "{provider: echo}", "")).lines())
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:1: ")
                .contains(message);
    }

    @Test
    void a_route_may_not_ask_for_a_stand_in_that_is_not_there() {
        assertThat(problems(file("", "{provider: echo}", "    unknown_price: default\n")))
                .startsWith("gateway.yaml:5: endpoints[0].unknown_price: is default, and the file has no good");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{input: 1, output: 101}|prices.echo.output: is more than 100 times the price of input",
                "{input: 0.0000025, output: 0}|prices.echo.input: is less than any model costs",
                "{input: 10001, output: 1}|prices.echo.input: is more than any model costs",
                "{input: 1, output: 1, cache_read: 2}|prices.echo.cache_read: is more than the price of input",
            })
    void what_is_odd_about_a_price_is_a_warning(String price, String message) {
        List<String> warnings = good(file("prices: {echo: " + price + "}", "{provider: echo}", ""))
                .warnings();

        assertThat(warnings).singleElement().asString().contains("gateway.yaml:1: " + message);
    }
}
