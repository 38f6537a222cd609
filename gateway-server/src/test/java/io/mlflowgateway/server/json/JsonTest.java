package io.mlflowgateway.server.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "a\\udfff b", "日本 \\ude00\\ud83d", "\\ud83d\\ud83d\\ude00"})
    void half_a_character_is_written_as_the_escape_it_came_in(String escaped) throws Exception {
        JsonNode document = Json.tree(("{\"a\":[\"" + escaped + "\"],\"b\":\"<é>\"}").getBytes(UTF_8));

        byte[] written = Json.bytes(document);
        byte[] safe = Json.markupSafeBytes(document);

        assertThat(Json.tree(written)).isEqualTo(document);
        assertThat(Json.tree(safe)).isEqualTo(document);
        assertThat(new String(safe, UTF_8)).doesNotContain("<").doesNotContain("?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"日本", "é", "\u2028"})
    void whole_characters_are_written_as_themselves(String text) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("a", text);

        assertThat(new String(Json.bytes(document), UTF_8)).isEqualTo("{\"a\":\"" + text + "\"}");
        assertThat(new String(Json.markupSafeBytes(document), UTF_8)).isEqualTo("{\"a\":\"" + text + "\"}");
    }

    @Test
    void what_may_be_read_may_be_written_inside_an_envelope_and_nothing_deeper() throws Exception {
        JsonNode deepest = Json.tree(("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH)).getBytes(UTF_8));
        ArrayNode deeper = JsonNodeFactory.instance.arrayNode();
        for (int level = 0; level < Json.MAX_DEPTH + 50; level++) {
            deeper = JsonNodeFactory.instance.arrayNode().add(deeper);
        }
        ArrayNode tooDeep = deeper;

        assertThat(Json.bytes(JsonNodeFactory.instance.objectNode().set("detail", deepest)))
                .isNotEmpty();
        assertThatThrownBy(() -> Json.bytes(tooDeep)).isInstanceOf(IllegalArgumentException.class);
    }
}
