package io.mlflowgateway.server.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.BodyScanner.Malformed.Reason;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyScannerTest {
    private static final int RANDOM_DOCUMENTS = 2_000;

    @Test
    void every_member_of_any_object_stands_where_the_scan_says() throws Exception {
        RandomJson random = new RandomJson(new Random(20_231_101));

        for (int i = 0; i < RANDOM_DOCUMENTS; i++) {
            String text = random.object();
            byte[] json = text.getBytes(UTF_8);

            Body body = BodyScanner.scan(json);

            assertSameAsTree(body, Json.tree(json), text);
        }
    }

    @Test
    void a_changed_body_knows_where_its_members_stand_without_another_scan() throws Exception {
        RandomJson random = new RandomJson(new Random(42));

        for (int i = 0; i < RANDOM_DOCUMENTS; i++) {
            Body body = BodyScanner.scan(random.object().getBytes(UTF_8));
            Body.Edit edit = body.edit().set("added", "[1,{\"é\":null}]");
            if (!body.members().isEmpty()) {
                edit.set(body.members().get(0).name(), "\"changed\"");
                edit.remove(body.members().get(body.members().size() - 1).name());
            }

            Body changed = edit.toBody();

            assertThat(changed.members())
                    .isEqualTo(BodyScanner.scan(changed.bytes()).members());
            assertThat(changed.bytes()).isEqualTo(edit.toBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "-0", "1.5", "1e5", "true", "false", "null", "\"\"", "\"é\\\"\"", "[]", "{}", "[[1],2]"})
    void the_last_value_ends_before_the_brace(String value) throws Exception {
        byte[] json = ("{\"a\":" + value + "}").getBytes(UTF_8);

        Body body = BodyScanner.scan(json);

        Member member = body.members().get(0);
        assertThat(body.raw(member)).isEqualTo(value);
        assertThat(member.end()).isEqualTo(json.length - 1);
    }

    @Test
    void white_space_belongs_to_no_value() throws Exception {
        Body body = BodyScanner.scan(" \r\n\t{ \"a\" \n:\t 12 \r\n,\"b\":  \"x\"  } \n".getBytes(UTF_8));

        assertThat(body.members().stream().map(body::raw)).containsExactly("12", "\"x\"");
        assertThat(body.members().stream().map(Member::kind)).containsExactly(Kind.NUMBER, Kind.STRING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|EMPTY",
                "`  \n `|EMPTY",
                "{bad}|SYNTAX",
                "{\"a\":1|SYNTAX",
                "{\"a\":1}}|SYNTAX",
                "{\"a\":1} {}|SYNTAX",
                "{\"a\":01}|SYNTAX",
                "{\"a\":NaN}|SYNTAX",
                "{\"a\":1,}|SYNTAX",
                "{'a':1}|SYNTAX",
                "{\"a\":1}//|SYNTAX",
                "{\"a\":\"\u0001\"}|SYNTAX",
                "[1]|NOT_AN_OBJECT",
                "\"text\"|NOT_AN_OBJECT",
                "null|NOT_AN_OBJECT",
                "3|NOT_AN_OBJECT",
                "{\"a\":1,\"a\":2}|DUPLICATE",
                "{\"a\":1,\"\\u0061\":2}|DUPLICATE",
                "{\"a\":{\"b\":1,\"b\":2}}|DUPLICATE",
                "{\"a\":[{\"b\":1},{\"b\":1,\"c\":{\"b\":1},\"\\u0062\":2}]}|DUPLICATE",
                "{\"a\":1e999999999}|BOUND",
                "{\"a\":[{\"b\":-1.5E-99999}]}|BOUND",
            })
    void what_is_not_one_json_object_is_refused(String text, Reason reason) {
        Malformed refused = catchThrowableOfType(Malformed.class, () -> BodyScanner.scan(text.getBytes(UTF_8)));

        assertThat(refused.reason()).isEqualTo(reason);
    }

    @Test
    void a_name_may_stand_once_in_each_of_many_objects() throws Exception {
        String inner = "{\"a\":[{\"a\":{\"a\":1},\"b\":[]},{\"a\":2}],\"b\":{\"a\":3}}";

        Body body = BodyScanner.scan(("{\"a\":" + inner + ",\"b\":[" + inner + "," + inner + "]}").getBytes(UTF_8));

        assertThat(body.members()).hasSize(2);
    }

    @Test
    void an_answer_may_have_a_name_twice_below_its_top_level() throws Exception {
        Body body = BodyScanner.scanAnswer("{\"a\":{\"b\":1,\"b\":2}}".getBytes(UTF_8));
        Malformed refused = catchThrowableOfType(
                Malformed.class, () -> BodyScanner.scanAnswer("{\"a\":1,\"a\":2}".getBytes(UTF_8)));

        assertThat(body.raw(body.members().get(0))).isEqualTo("{\"b\":1,\"b\":2}");
        assertThat(refused.reason()).isEqualTo(Reason.DUPLICATE);
    }

    @Test
    void names_are_remembered_up_to_a_bound_and_only_while_their_object_is_open() throws Exception {
        String names = IntStream.range(0, BodyScanner.MAX_MEMBERS / 2)
                .mapToObj(i -> "\"m" + i + "\":0")
                .collect(Collectors.joining(","));

        Body oneByOne =
                BodyScanner.scan(("{\"a\":[" + ("{" + names + "},").repeat(10) + "{}],\"b\":1}").getBytes(UTF_8));

        assertThat(oneByOne.members()).hasSize(2);
        assertThat(reasonOf("{\"a\":" + ("{" + names + ",\"n\":").repeat(3) + "1}}}}"))
                .isEqualTo(Reason.BOUND);
    }

    @Test
    void a_large_object_does_not_make_the_small_ones_after_it_slow() throws Exception {
        String names = IntStream.range(0, BodyScanner.MAX_MEMBERS - 1)
                .mapToObj(i -> "\"m" + i + "\":0")
                .collect(Collectors.joining(","));
        String small = ",{\"a\":1}".repeat(200_000) + "]}";
        byte[] without = ("{\"a\":[0" + small).getBytes(UTF_8);
        byte[] with = ("{\"a\":[{" + names + '}' + small).getBytes(UTF_8);
        leastCpuNanos(without, 3);

        long alone = leastCpuNanos(without, 3);
        long behindIt = leastCpuNanos(with, 3);

        // Were the large one's table cleared for each small one, it would be thousands of times as much.
        assertThat(behindIt).isLessThan(20 * alone);
    }

    private static long leastCpuNanos(byte[] json, int times) throws Malformed {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < times; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            assertThat(BodyScanner.scan(json).members()).hasSize(1);
            least = Math.min(least, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        }
        return least;
    }

    @Test
    void bounds_on_depth_digits_and_members_are_kept() {
        assertThat(reasonOf("{\"a\":" + "[".repeat(100_000))).isEqualTo(Reason.BOUND);
        assertThat(reasonOf("{\"a\":" + "9".repeat(100_000) + "}")).isEqualTo(Reason.BOUND);
        assertThat(reasonOf("{\"" + "n".repeat(100_000) + "\":1}")).isEqualTo(Reason.BOUND);
        StringBuilder wide = new StringBuilder("{\"m\":0");
        for (int i = 0; i < BodyScanner.MAX_MEMBERS; i++) {
            wide.append(",\"m").append(i).append("\":0");
        }

        assertThat(reasonOf(wide.append('}').toString())).isEqualTo(Reason.BOUND);
    }

    @Test
    void ordinary_exponents_pass() throws Exception {
        Body body = BodyScanner.scan("{\"a\":1e308,\"b\":[2.5E-12,0.12345678901234567]}".getBytes(UTF_8));

        assertThat(body.members()).hasSize(2);
    }

    @Test
    void only_utf_8_is_json_here() {
        byte[] overlong = "{\"a\":\"??\"}".getBytes(UTF_8);
        overlong[6] = (byte) 0xC0;
        overlong[7] = (byte) 0x80;
        byte[] latin = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);
        byte[] utf32 = "{\"a\":1}".getBytes(java.nio.charset.Charset.forName("UTF-32BE"));
        byte[] marked = "\uFEFF{\"a\":1}".getBytes(UTF_8);
        byte[] surrogate = {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'};

        for (byte[] json : List.of(overlong, latin, utf16, utf32, marked, surrogate)) {
            assertThat(reasonOf(json)).isEqualTo(Reason.SYNTAX);
        }
    }

    @Test
    void a_name_may_begin_with_any_character() throws Exception {
        Body body = BodyScanner.scan("{\"\uFF71\":1,\"\uD83D\uDE00\":2}".getBytes(UTF_8));

        assertThat(body.has("\uFF71")).isTrue();
        assertThat(body.has("\uD83D\uDE00")).isTrue();
    }

    @Test
    void the_message_quotes_nothing_of_the_document() {
        Malformed refused =
                catchThrowableOfType(Malformed.class, () -> BodyScanner.scan("{\"key\": secretWord}".getBytes(UTF_8)));

        assertThat(refused).hasMessageNotContaining("secret");
        assertThat(refused.offset()).isEqualTo(8);
    }

    @Test
    void a_large_prompt_costs_no_tree() throws Exception {
        String prompt = "A sentence of a long prompt, with \\\"escapes\\\" and ünïcödé. ".repeat(2_000);
        byte[] json =
                ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}").getBytes(UTF_8);
        for (int i = 0; i < 50; i++) {
            assertThat(BodyScanner.scan(json).members()).hasSize(2);
        }

        long before = allocated();
        Body body = BodyScanner.scan(json);
        long garbage = allocated() - before;

        assertThat(body.members()).hasSize(2);
        assertThat(garbage).as("bytes for a body of %d", json.length).isLessThan(json.length / 10);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static Reason reasonOf(String text) {
        return reasonOf(text.getBytes(UTF_8));
    }

    private static Reason reasonOf(byte[] json) {
        return catchThrowableOfType(Malformed.class, () -> BodyScanner.scan(json))
                .reason();
    }

    private static void assertSameAsTree(Body body, JsonNode tree, String text) throws Exception {
        List<String> names = new ArrayList<>();
        tree.fieldNames().forEachRemaining(names::add);
        assertThat(body.members().stream().map(Member::name)).as(text).containsExactlyElementsOf(names);
        for (Member member : body.members()) {
            JsonNode expected = tree.get(member.name());
            String raw = body.raw(member);
            assertThat(Json.tree(raw.getBytes(UTF_8))).as(text).isEqualTo(expected);
            assertThat(raw).as(text).isEqualTo(raw.strip());
            String name = new String(body.bytes(), member.nameStart(), member.start() - member.nameStart(), UTF_8);
            assertThat(Json.tree(("{" + name + raw + "}").getBytes(UTF_8)).get(member.name()))
                    .as(text)
                    .isEqualTo(expected);
            assertThat(member.kind()).as(text).isEqualTo(kind(expected));
            if (member.kind() == Kind.STRING) {
                assertThat(Json.string(body, member)).isEqualTo(expected.textValue());
            }
        }
    }

    private static Kind kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> Kind.OBJECT;
            case ARRAY -> Kind.ARRAY;
            case STRING -> Kind.STRING;
            case NUMBER -> Kind.NUMBER;
            case BOOLEAN -> Kind.BOOLEAN;
            default -> Kind.NULL;
        };
    }
}
