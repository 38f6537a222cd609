package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's schemas as JSON Schema. Strict ones follow OpenAI's rules for structured outputs: every property required
 * and none besides them; what was optional may be null instead.
 */
final class SchemaWriter {

    private final boolean strict;

    SchemaWriter(boolean strict) {
        this.strict = strict;
    }

    /** The parameters of a tool; a tool without any still needs an object. */
    ObjectNode parameters(@Nullable JsonObjectSchema schema) {
        JsonObjectSchema known = schema == null ? JsonObjectSchema.builder().build() : schema;
        return object(known, true);
    }

    ObjectNode write(JsonSchemaElement element, boolean required) {
        ObjectNode node = written(element, required);
        if (element.description() != null
                && !(element instanceof JsonRawSchema)
                && !(element instanceof JsonReferenceSchema)) {
            // Beside $ref, strict schemas allow nothing.
            node.put("description", element.description());
        }
        return node;
    }

    private ObjectNode written(JsonSchemaElement element, boolean required) {
        if (element instanceof JsonObjectSchema object) {
            return object(object, required);
        }
        if (element instanceof JsonArraySchema array) {
            ObjectNode node = typed("array", required);
            return node.set("items", array.items() == null ? Json.object() : write(array.items(), true));
        }
        if (element instanceof JsonEnumSchema values) {
            return enumeration(values, required);
        }
        if (element instanceof JsonReferenceSchema reference) {
            return nullable(Json.object().put("$ref", "#/$defs/" + reference.reference()), required);
        }
        if (element instanceof JsonAnyOfSchema anyOf) {
            ArrayNode choices = Json.object().putArray("anyOf");
            anyOf.anyOf().forEach(choice -> choices.add(write(choice, true)));
            if (strict && !required) {
                choices.add(Json.object().put("type", "null"));
            }
            return Json.object().set("anyOf", choices);
        }
        return element instanceof JsonRawSchema raw ? raw(raw) : typed(type(element), required);
    }

    private ObjectNode object(JsonObjectSchema schema, boolean required) {
        ObjectNode node = typed("object", required);
        Collection<String> needed = strict ? schema.properties().keySet() : schema.required();
        ObjectNode properties = node.putObject("properties");
        schema.properties()
                .forEach((name, property) ->
                        properties.set(name, write(property, schema.required().contains(name))));
        ArrayNode names = node.putArray("required");
        needed.forEach(names::add);
        if (strict) {
            node.put("additionalProperties", false);
        } else if (schema.additionalProperties() != null) {
            node.put("additionalProperties", schema.additionalProperties());
        }
        Map<String, JsonSchemaElement> definitions = schema.definitions();
        if (!definitions.isEmpty()) {
            ObjectNode defs = node.putObject("$defs");
            definitions.forEach((name, definition) -> defs.set(name, write(definition, true)));
        }
        return node;
    }

    private ObjectNode enumeration(JsonEnumSchema schema, boolean required) {
        ObjectNode node = typed("string", required);
        ArrayNode values = node.putArray("enum");
        schema.enumValues().forEach(values::add);
        if (strict && !required) {
            values.addNull();
        }
        return node;
    }

    private ObjectNode typed(String type, boolean required) {
        ObjectNode node = Json.object();
        if (strict && !required) {
            node.putArray("type").add(type).add("null");
        } else {
            node.put("type", type);
        }
        return node;
    }

    private ObjectNode nullable(ObjectNode node, boolean required) {
        if (!strict || required) {
            return node;
        }
        ObjectNode either = Json.object();
        either.putArray("anyOf").add(node).add(Json.object().put("type", "null"));
        return either;
    }

    private static ObjectNode raw(JsonRawSchema schema) {
        JsonNode node = Json.parse(schema.schema())
                .orElseThrow(() -> new IllegalArgumentException("a raw JSON schema is not JSON"));
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("a raw JSON schema is not a JSON object");
    }

    private static String type(JsonSchemaElement element) {
        if (element instanceof JsonStringSchema) {
            return "string";
        }
        if (element instanceof JsonIntegerSchema) {
            return "integer";
        }
        if (element instanceof JsonNumberSchema) {
            return "number";
        }
        if (element instanceof JsonBooleanSchema) {
            return "boolean";
        }
        if (element instanceof JsonNullSchema) {
            return "null";
        }
        throw new UnsupportedFeatureException(
                "JSON schemas of " + element.getClass().getName() + " are not supported");
    }
}
