package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{};{\"user\":[1.50]}",
                "{ \"a\" : 1 };{\"user\":[1.50],\"a\" : 1 }",
                "{\"user\":2,\"a\":1};{\"user\":2,\"a\":1}",
                "{\"us\\u0065r\":2};{\"us\\u0065r\":2}"
            })
    void a_member_is_put_in_where_the_body_has_none_of_its_name(String body, String with) {
        assertThat(added(body, Map.of("user", "[1.50]"))).isEqualTo(with);
    }

    @Test
    void a_name_that_a_caller_made_up_stays_a_name() {
        assertThat(added("{\"a\":1}", Map.of("b\":2,\"c", "3"))).isEqualTo("{\"b\\\":2,\\\"c\":3,\"a\":1}");
    }

    private static String added(String body, Map<String, String> json) {
        Payload payload = Payload.of(body.getBytes(StandardCharsets.UTF_8));
        return new String(Forwarding.added(payload, json).toBytes(), StandardCharsets.UTF_8);
    }
}
