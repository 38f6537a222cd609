package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** JSON in and out. Unknown fields are never an error. */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** {@return a new object without fields} */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Reads one JSON text.
     *
     * @param bytes UTF-8
     * @return the value, or nothing if it is not exactly one JSON text
     */
    public static Optional<JsonNode> parse(byte[] bytes) {
        try {
            return Optional.ofNullable(MAPPER.readTree(bytes)).filter(node -> !node.isMissingNode());
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /**
     * Reads one JSON text.
     *
     * @param text of it
     * @return the value, or nothing if it is not exactly one JSON text
     */
    public static Optional<JsonNode> parse(String text) {
        try {
            return Optional.ofNullable(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    /**
     * Writes a value.
     *
     * @param value a tree, or maps, lists, texts, numbers and booleans
     * @return UTF-8
     */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("cannot be written as JSON: " + notJson.getOriginalMessage(), notJson);
        }
    }

    /**
     * Turns maps, lists and plain values into a tree.
     *
     * @param value JSON-like
     * @return its tree
     */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * Turns an object into a map.
     *
     * @param node any value
     * @return its fields; empty if it is not an object
     */
    public static Map<String, Object> map(JsonNode node) {
        if (!node.isObject()) {
            return Map.of();
        }
        return MAPPER.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /**
     * The text of a field.
     *
     * @param node an object
     * @param field its name
     * @return the text, or nothing if it is missing, null or not a text
     */
    public static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    /**
     * The text of a field that may be empty, too.
     *
     * @param node an object
     * @param field its name
     * @return the text, or nothing if it is missing, null, empty or not a text
     */
    public static Optional<String> words(JsonNode node, String field) {
        return text(node, field).filter(words -> !words.isEmpty());
    }
}
