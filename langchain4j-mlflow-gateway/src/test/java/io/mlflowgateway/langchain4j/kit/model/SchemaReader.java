package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads from a text what a JSON schema asks for. Where the text does not say, a member is left out, or null if it may be. */
final class SchemaReader {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonNode definitions;

    /** @param root where {@code $ref} leads */
    SchemaReader(JsonNode root) {
        this.definitions = root.path("$defs");
    }

    ObjectNode members(JsonNode schema, Passage passage) {
        ObjectNode object = JSON.objectNode();
        schema.path("properties").properties().forEach(member -> {
            JsonNode described = member.getValue();
            read(described, member.getKey(), passage.about(member.getKey()))
                    .or(() -> mayBeNull(described) ? Optional.of(NullNode.instance) : Optional.empty())
                    .ifPresent(value -> object.set(member.getKey(), value));
        });
        return object;
    }

    private Optional<JsonNode> read(JsonNode schema, String member, Passage passage) {
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asText().replaceFirst("^#/\\$defs/", "");
            return read(definitions.path(name), member, passage);
        }
        if (schema.has("anyOf")) {
            return choice(schema.path("anyOf"), member, passage);
        }
        if (schema.has("enum")) {
            return passage.mentioned(texts(schema.path("enum"))).stream()
                    .<JsonNode>map(TextNode::new)
                    .findFirst();
        }
        return switch (type(schema)) {
            case "object" -> object(schema, passage);
            case "array" -> array(schema.path("items"), member, passage);
            case "integer" -> Lexicon.integer(member, passage);
            case "number" -> Lexicon.decimal(member, passage);
            case "boolean" -> Lexicon.truth(member, passage);
            default -> Lexicon.string(member, passage);
        };
    }

    private Optional<JsonNode> object(JsonNode schema, Passage passage) {
        ObjectNode object = schema.path("properties").isEmpty() ? ages(passage) : members(schema, passage);
        boolean told = StreamSupport.stream(object.spliterator(), false).anyMatch(value -> !value.isNull());
        return told ? Optional.of(object) : Optional.empty();
    }

    /** An object with members of any name: who is how old. */
    private static ObjectNode ages(Passage passage) {
        ObjectNode ages = JSON.objectNode();
        for (String name : passage.names()) {
            passage.find(name + " is (\\d+) years old").ifPresent(age -> ages.set(name, Lexicon.number(age)));
        }
        return ages;
    }

    private Optional<JsonNode> array(JsonNode items, String member, Passage passage) {
        ArrayNode array = JSON.arrayNode();
        if (items.has("enum")) {
            passage.mentioned(texts(items.path("enum"))).forEach(array::add);
        } else if (type(items).equals("string")) {
            Lexicon.strings(member, passage).forEach(array::add);
        } else if (type(items).equals("integer")) {
            passage.numbers().forEach(number -> array.add(Lexicon.number(number)));
        } else {
            each(member, passage).forEach(one -> read(items, member, one).ifPresent(array::add));
        }
        return array.isEmpty() ? Optional.empty() : Optional.of(array);
    }

    /** One name alone is who has the members, not one of them. */
    private static List<Passage> each(String member, Passage passage) {
        List<Passage> all = passage.each(member);
        return all.size() > 1 ? all : List.of();
    }

    private Optional<JsonNode> choice(JsonNode choices, String member, Passage passage) {
        for (JsonNode choice : choices) {
            String kind = choice.at("/properties/type/enum/0").asText();
            Optional<Passage> fits = kind.isEmpty() ? Optional.of(passage) : Kinds.read(kind, passage);
            if (fits.isPresent() && !type(choice).equals("null")) {
                Optional<JsonNode> value = read(choice, member, fits.get());
                value.ifPresent(node -> named(node, kind));
                return value;
            }
        }
        return Optional.empty();
    }

    private static void named(JsonNode node, String kind) {
        if (!kind.isEmpty() && node instanceof ObjectNode object) {
            object.put("type", kind);
        }
    }

    private static boolean mayBeNull(JsonNode schema) {
        return StreamSupport.stream(schema.path("type").spliterator(), false)
                        .anyMatch(type -> type.asText().equals("null"))
                || StreamSupport.stream(schema.path("anyOf").spliterator(), false)
                        .anyMatch(choice -> type(choice).equals("null"));
    }

    /** A type, where it may also be null the first of the two. */
    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.path(0).asText() : type.asText();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(value -> {
            if (value.isTextual()) {
                texts.add(value.asText());
            }
        });
        return texts;
    }
}
