package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyTest {

    @Test
    void a_member_is_replaced_where_it_stands() {
        Body body = Calls.body("{ \"a\": 1, \"model\" : \"x\", \"日\": [ 1 ] }");

        String edited = text(body.edit().set("model", "\"y\"").toBytes());

        assertThat(edited).isEqualTo("{\"a\": 1,\"model\" : \"y\",\"日\": [ 1 ]}");
    }

    @Test
    void a_new_member_goes_to_the_end() {
        assertThat(text(Calls.body("{\"a\":1}").edit().set("b", "2").toBytes())).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(text(Calls.body("{}").edit().set("b", "2").toBytes())).isEqualTo("{\"b\":2}");
    }

    @Test
    void a_removed_member_leaves_no_comma_behind() {
        Body body = Calls.body("{\"a\":1,\"b\":2,\"c\":3}");

        assertThat(text(body.edit().remove("a").toBytes())).isEqualTo("{\"b\":2,\"c\":3}");
        assertThat(text(body.edit().remove("b").toBytes())).isEqualTo("{\"a\":1,\"c\":3}");
        assertThat(text(body.edit().remove("c").toBytes())).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(text(body.edit().remove("a").remove("b").remove("c").toBytes()))
                .isEqualTo("{}");
    }

    @Test
    void removing_what_is_not_there_changes_nothing_of_the_rest() {
        assertThat(text(Calls.body("{\"a\":1}").edit().remove("z").toBytes())).isEqualTo("{\"a\":1}");
    }

    @Test
    void a_body_without_changes_is_the_callers_own_bytes() {
        Body body = Calls.body("{\"a\":1}");

        assertThat(body.edit().toBytes()).isSameAs(body.bytes());
    }

    @Test
    void the_last_change_of_a_member_counts() {
        Body body = Calls.body("{\"a\":1}");

        assertThat(text(body.edit().set("a", "2").set("a", "3").toBytes())).isEqualTo("{\"a\":3}");
        assertThat(text(body.edit().set("a", "2").remove("a").toBytes())).isEqualTo("{}");
    }

    @Test
    void a_members_raw_text_is_what_the_caller_wrote() {
        Body body = Calls.body("{\"a\": {\"b\": \"日本\"} , \"c\":1.50}");

        assertThat(body.raw(body.member("a").orElseThrow())).isEqualTo("{\"b\": \"日本\"}");
        assertThat(body.raw(body.member("c").orElseThrow())).isEqualTo("1.50");
    }

    @Test
    void a_body_does_not_print_what_it_holds() {
        assertThat(Calls.body("{\"a\":\"private\"}").toString()).doesNotContain("private");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
