package io.mlflowgateway.server.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our reading and writing of trees beside that of Jackson's data binding. */
class TreesTest {
    private static final ObjectMapper JACKSON = JsonMapper.builder(Json.FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    @Test
    void random_documents_are_read_and_written_as_data_binding_does() throws Exception {
        RandomJson random = new RandomJson(new Random(11));

        for (int i = 0; i < 2_000; i++) {
            byte[] json = random.object().getBytes(UTF_8);
            JsonNode theirs = JACKSON.readTree(json);

            assertThat(Json.tree(json)).isEqualTo(theirs);
            assertThat(Json.bytes(theirs)).isEqualTo(JACKSON.writeValueAsBytes(theirs));
            assertThat(Json.text(theirs)).isEqualTo(JACKSON.writeValueAsString(theirs));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"text\"",
                "null",
                "true",
                "[]",
                "{}",
                "[[],{},\"\"]",
                "2147483648",
                "-9223372036854775809",
                "1.0",
                "1.10",
                "1e400",
                "-0.0",
                "{\"a\":1,\"a\":2}",
                " [1 , 2] "
            })
    void edges_are_read_as_data_binding_does(String json) throws Exception {
        JsonNode theirs = JACKSON.readTree(json.getBytes(UTF_8));

        JsonNode ours = Json.tree(json.getBytes(UTF_8));

        assertThat(ours).isEqualTo(theirs);
        assertThat(Json.text(ours)).isEqualTo(JACKSON.writeValueAsString(theirs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{} {}", "[1,2", "{\"a\"", "{\"a\":}", "]", "[1,]", "nul", "1 2", "{\"a\":1}]", "NaN"})
    void what_is_not_one_document_is_refused(String json) {
        assertThatThrownBy(() -> Json.tree(json.getBytes(UTF_8))).isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n"})
    void nothing_is_a_missing_node(String json) throws Exception {
        assertThat(Json.tree(json.getBytes(UTF_8)).isMissingNode()).isTrue();
    }

    @Test
    void a_caller_s_tree_has_a_bound_on_its_values() throws Exception {
        byte[] most = ("[" + "1,".repeat((int) Json.MOST_TOKENS - 3) + "1]").getBytes(UTF_8);
        byte[] more = ("[" + "1,".repeat((int) Json.MOST_TOKENS - 2) + "1]").getBytes(UTF_8);

        assertThat(Json.callersTree(most)).hasSize((int) Json.MOST_TOKENS - 2);
        assertThatThrownBy(() -> Json.callersTree(more)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void so_has_everybody_else_s() throws Exception {
        byte[] most = ("[" + "1,".repeat((int) Json.MOST_ANSWERED - 3) + "1]").getBytes(UTF_8);
        byte[] more = ("[" + "1,".repeat((int) Json.MOST_ANSWERED - 2) + "1]").getBytes(UTF_8);

        assertThat(Json.tree(most)).hasSize((int) Json.MOST_ANSWERED - 2);
        assertThatThrownBy(() -> Json.tree(more)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void numbers_made_in_code_are_written_as_data_binding_does() throws Exception {
        ObjectNode numbers = JsonNodeFactory.instance.objectNode();
        numbers.put("int", 7).put("long", Long.MAX_VALUE).put("double", 0.1).put("float", 1.5f);
        numbers.put("short", (short) 3).put("decimal", new BigDecimal("1E-7"));
        numbers.put("big", BigInteger.TEN.pow(30)).putNull("none");

        assertThat(Json.text(numbers)).isEqualTo(JACKSON.writeValueAsString(numbers));
    }

    @Test
    void nodes_that_json_has_no_word_for_are_refused() {
        ObjectNode odd = JsonNodeFactory.instance.objectNode().set("a", BinaryNode.valueOf(new byte[3]));

        assertThatThrownBy(() -> Json.bytes(odd)).isInstanceOf(IllegalArgumentException.class);
    }
}
