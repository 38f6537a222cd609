package io.mlflowgateway.server.provider.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mlflowgateway.server.config.OnUnsupported;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import io.mlflowgateway.server.query.Task;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterGateTest {
    private static final ParameterTable NONE = ParameterTable.CLOSED;

    @Test
    void a_gate_to_a_provider_that_takes_all_is_open() {
        assertThat(new ParameterGate(ParameterTable.OPEN, OnUnsupported.REJECT, "p").isOpen())
                .isTrue();
        assertThat(gate(OnUnsupported.DROP).isOpen()).isFalse();
    }

    @Test
    void what_is_unsupported_is_left_out_and_named() {
        Admitted admitted = admit(OnUnsupported.DROP, "{\"messages\":[],\"user\":\"u\",\"seed\":1,\"stream\":true}");

        assertThat(text(admitted)).isEqualTo("{\"messages\":[],\"stream\":true}");
        assertThat(admitted.dropped()).containsExactly("user", "seed");
        assertThat(admitted.forwarded()).isEmpty();
    }

    @Test
    void a_query_that_asks_for_nothing_unsupported_is_the_same_query() {
        Query query = query("{\"messages\":[],\"user\":null,\"n\":1}", TemperatureRange.ZERO_TO_TWO);

        assertThat(gate(OnUnsupported.REJECT).admit(query).query()).isSameAs(query);
    }

    @Test
    void a_route_may_refuse_and_then_names_all_at_once() {
        Failure failure = refused(OnUnsupported.REJECT, "{\"messages\":[],\"user\":\"u\",\"seed\":1}");

        assertThat(failure.status()).isEqualTo(422);
        assertThat(failure).hasMessage("The provider of this route, p, does not support: user, seed");
        assertThat(failure.violations())
                .extracting(violation -> violation.location().get(1))
                .containsExactly("user", "seed");
    }

    @Test
    void a_route_may_forward_what_is_unsupported_as_it_came() {
        Admitted admitted = admit(OnUnsupported.FORWARD, "{\"messages\":[],\"seed\":1.50,\"user\":\"\\u0061\"}");

        assertThat(admitted.dropped()).isEmpty();
        assertThat(admitted.forwarded()).isEqualTo(Map.of("seed", "1.50", "user", "\"\\u0061\""));
    }

    @ParameterizedTest
    @EnumSource(OnUnsupported.class)
    void what_changes_the_question_is_refused_whatever_the_route_says(OnUnsupported policy) {
        for (String said : new String[] {
            "\"tools\":[{}]",
            "\"functions\":[{}]",
            "\"tool_choice\":\"required\"",
            "\"tool_choice\":{\"type\":\"function\"}",
            "\"function_call\":{\"name\":\"f\"}",
            "\"response_format\":{\"type\":\"json_object\"}",
            "\"n\":2"
        }) {
            Failure failure = refused(policy, "{\"messages\":[]," + said + "}");

            assertThat(failure.kind()).as(said).isEqualTo(Failure.Kind.UNPROCESSABLE);
        }
    }

    @ParameterizedTest
    @EnumSource(OnUnsupported.class)
    void tools_that_are_not_to_be_called_stay_behind_where_that_cannot_be_said(OnUnsupported policy) {
        ParameterTable table = ParameterTable.OPEN.without("tool_choice", "function_call");
        String asked = "{\"messages\":[],\"tools\":[{}],\"parallel_tool_calls\":false,\"tool_choice\":\"none\","
                + "\"functions\":[{}],\"function_call\":\"none\",\"seed\":1}";

        Admitted admitted = new ParameterGate(table, policy, "p").admit(query(asked, TemperatureRange.ZERO_TO_TWO));

        assertThat(text(admitted)).isEqualTo("{\"messages\":[],\"seed\":1}");
        assertThat(admitted.dropped()).isEmpty();
        assertThat(admitted.forwarded()).isEmpty();
    }

    @Test
    void tools_that_are_not_to_be_called_go_where_that_can_be_said() {
        ParameterTable table = ParameterTable.OPEN.without("user");
        String asked = "{\"tools\":[{}],\"tool_choice\":\"none\"}";

        Admitted admitted =
                new ParameterGate(table, OnUnsupported.DROP, "p").admit(query(asked, TemperatureRange.ZERO_TO_TWO));

        assertThat(text(admitted)).isEqualTo(asked);
    }

    @Test
    void tools_go_with_the_choice_that_is_left_to_the_model() {
        ParameterTable table = ParameterTable.OPEN.without("tool_choice");
        String asked = "{\"tools\":[{}],\"tool_choice\":\"auto\"}";

        Admitted admitted =
                new ParameterGate(table, OnUnsupported.DROP, "p").admit(query(asked, TemperatureRange.ZERO_TO_TWO));

        assertThat(text(admitted)).isEqualTo(asked);
    }

    @Test
    void a_refusal_for_what_changes_the_question_does_not_name_what_would_have_been_left_out() {
        Failure failure = refused(OnUnsupported.DROP, "{\"user\":\"u\",\"tools\":[{}],\"n\":2}");

        assertThat(failure).hasMessage("The provider of this route, p, does not support: tools, n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":1",
                "\"n\":1.0",
                "\"best_of\":1",
                "\"logprobs\":false",
                "\"tools\":[ ]",
                "\"functions\":[]",
                "\"tool_choice\":\"auto\"",
                "\"tool_choice\":\"none\"",
                "\"response_format\":{ \"type\": \"text\" }",
                "\"parallel_tool_calls\":true",
                "\"presence_penalty\":0.0",
                "\"stop\":[]",
                "\"temperature\":1",
                "\"top_p\":1.0",
                "\"user\":null",
                "\"unheard_of\":null"
            })
    void what_asks_for_nothing_is_no_matter(String said) {
        Admitted admitted = admit(OnUnsupported.REJECT, "{\"messages\":[]," + said + "}");

        assertThat(admitted.dropped()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e300", "-1", "0", "\"1\"", "true", "[1]"})
    void a_number_of_answers_that_is_not_one_is_refused_however_it_is_said(String n) {
        assertThat(refused(OnUnsupported.DROP, "{\"n\":" + n + "}").status()).isEqualTo(422);
    }

    @Test
    void a_temperature_that_nobody_gave_is_no_matter() {
        ParameterGate gate = gate(OnUnsupported.REJECT);

        assertThat(gate.admit(query("{\"temperature\":0.0}", TemperatureRange.ZERO_TO_ONE))
                        .dropped())
                .isEmpty();
        assertThat(catchThrowableOfType(
                        Failure.class, () -> gate.admit(query("{\"temperature\":0.0}", TemperatureRange.ZERO_TO_TWO))))
                .isNotNull();
    }

    @Test
    void names_are_plain_short_and_few_whatever_callers_call_them() {
        Admitted odd = admit(OnUnsupported.DROP, "{\"a\\r\\nb: c,\":1,\"" + "x".repeat(1_000) + "\":1,\"\u00e9\":1}");
        String many =
                IntStream.range(0, 1_000).mapToObj(i -> "\"p" + i + "\":1").collect(Collectors.joining(","));

        assertThat(odd.dropped()).containsExactly("a%0D%0Ab%3A%20c%2C", "x".repeat(64) + "...", "%C3%A9");
        assertThat(admit(OnUnsupported.DROP, "{" + many + "}").dropped())
                .hasSize(33)
                .startsWith("p0")
                .endsWith("...");
        assertThat(refused(OnUnsupported.REJECT, "{" + many + "}").violations()).hasSize(100);
    }

    private static ParameterGate gate(OnUnsupported policy) {
        return new ParameterGate(NONE, policy, "p");
    }

    private static Admitted admit(OnUnsupported policy, String body) {
        return gate(policy).admit(query(body, TemperatureRange.ZERO_TO_TWO));
    }

    private static Failure refused(OnUnsupported policy, String body) {
        return catchThrowableOfType(Failure.class, () -> admit(policy, body));
    }

    private static String text(Admitted admitted) {
        return new String(admitted.query().body().bytes(), StandardCharsets.UTF_8);
    }

    private static Query query(String body, TemperatureRange range) {
        try {
            return new Query(Task.CHAT, BodyScanner.scan(body.getBytes(StandardCharsets.UTF_8)), false, false, range);
        } catch (BodyScanner.Malformed e) {
            throw new IllegalArgumentException(body, e);
        }
    }
}
