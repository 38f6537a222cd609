package io.mlflowgateway.server.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Calls;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BodyTest {

    @Test
    void a_member_is_replaced_where_it_stands() {
        Body body = Calls.body("{ \"a\": 1, \"model\" : \"x\", \"日\": [ 1 ] }");

        String edited = text(body.edit().set("model", "\"y\"").toBytes());

        assertThat(edited).isEqualTo("{\"a\": 1, \"model\" : \"y\", \"日\": [ 1 ]}");
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
    void changes_of_every_kind_at_once_leave_json_and_the_rest_as_it_was_written() {
        Body body = Calls.body(" {\"a\" :1 , \"b\":2, \"c\": 3 ,\"d\":4} ");

        String edited = text(body.edit()
                .remove("a")
                .set("b", "20")
                .remove("d")
                .set("e", "5")
                .set("f", "6")
                .toBytes());

        assertThat(edited).isEqualTo("{\"b\":20, \"c\": 3,\"e\":5,\"f\":6}");
    }

    @Test
    void the_payload_of_any_changes_is_what_their_bytes_are() {
        Body body = Calls.body("{\"a\":1, \"b\":[2],\"c\":\"日本\"}");
        for (int removed = 0; removed < 8; removed++) {
            Body.Edit edit = body.edit();
            for (int member = 0; member < 3; member++) {
                String name = String.valueOf((char) ('a' + member));
                if ((removed >> member & 1) == 1) {
                    edit.remove(name);
                } else {
                    edit.set(name, "\"new\"");
                }
            }
            Payload payload = edit.set("z", "0").toPayload();
            ByteArrayOutputStream written = new ByteArrayOutputStream();

            payload.writeTo(written::write);

            assertThat(written.toByteArray()).isEqualTo(edit.toBytes()).hasSize(payload.length());
            assertThat(Calls.body(text(edit.toBytes())).members()).hasSize(4 - Integer.bitCount(removed));
            assertThat(text(edit.toBody().bytes())).isEqualTo(text(edit.toBytes()));
        }
    }

    @Test
    void a_model_that_is_replaced_costs_no_copy_of_the_prompt() {
        Body body = Calls.body("{\"messages\":[\"long\"],\"model\":\"x\",\"n\":1}");
        List<String> parts = new ArrayList<>();

        body.edit().set("model", "\"y\"").toPayload().writeTo((from, offset, length) -> {
            if (from == body.bytes()) {
                parts.add(text(from).substring(offset, offset + length));
            }
        });

        assertThat(parts).containsExactly("\"messages\":[\"long\"],\"model\":", ",\"n\":1");
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
    @Timeout(5)
    void thousands_of_changes_are_found_again_at_once() {
        String alike = "x".repeat(1_000);
        String members = IntStream.range(10_000, 19_999)
                .mapToObj(i -> "\"" + alike + i + "\":1")
                .collect(Collectors.joining(","));
        Body.Edit edit = Calls.body("{" + members + ",\"a\":2}").edit();

        IntStream.range(10_000, 19_999).forEach(i -> edit.remove(alike + i));
        edit.set(alike + "12345", "7").set("a", "3");

        assertThat(text(edit.toBytes())).isEqualTo("{\"" + alike + "12345\":7,\"a\":3}");
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
