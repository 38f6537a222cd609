package io.mlflowgateway.langchain4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaWriterTest {

    private static final JsonObjectSchema PERSON = JsonObjectSchema.builder()
            .description("a person")
            .addStringProperty("name", "in full")
            .addProperty(
                    "mood", JsonEnumSchema.builder().enumValues("good", "bad").build())
            .addProperty(
                    "friend", JsonReferenceSchema.builder().reference("person").build())
            .addProperty(
                    "tags",
                    JsonArraySchema.builder().items(new JsonStringSchema()).build())
            .required("name")
            .definitions(Map.of("person", new JsonStringSchema()))
            .build();

    @Test
    void a_loose_object_says_what_it_was_given() {
        assertThat(written(PERSON, false))
                .isEqualTo(json("{'type':'object','description':'a person','properties':{"
                        + "'name':{'type':'string','description':'in full'},"
                        + "'mood':{'type':'string','enum':['good','bad']},"
                        + "'friend':{'$ref':'#/$defs/person'},"
                        + "'tags':{'type':'array','items':{'type':'string'}}},"
                        + "'required':['name'],'$defs':{'person':{'type':'string'}}}"));
    }

    @Test
    void a_strict_object_requires_everything_and_lets_what_was_optional_be_null() {
        assertThat(written(PERSON, true))
                .isEqualTo(json("{'type':'object','description':'a person','properties':{"
                        + "'name':{'type':'string','description':'in full'},"
                        + "'mood':{'type':['string','null'],'enum':['good','bad',null]},"
                        + "'friend':{'anyOf':[{'$ref':'#/$defs/person'},{'type':'null'}]},"
                        + "'tags':{'type':['array','null'],'items':{'type':'string'}}},"
                        + "'required':['name','mood','friend','tags'],'additionalProperties':false,"
                        + "'$defs':{'person':{'type':'string'}}}"));
    }

    @Test
    void the_plain_types_have_their_names() {
        assertThat(written(new JsonIntegerSchema(), false)).isEqualTo(json("{'type':'integer'}"));
        assertThat(written(new JsonNumberSchema(), false)).isEqualTo(json("{'type':'number'}"));
        assertThat(written(new JsonBooleanSchema(), false)).isEqualTo(json("{'type':'boolean'}"));
        assertThat(written(new JsonNullSchema(), false)).isEqualTo(json("{'type':'null'}"));
        assertThat(written(
                        JsonAnyOfSchema.builder()
                                .description("either")
                                .anyOf(new JsonStringSchema(), new JsonIntegerSchema())
                                .build(),
                        false))
                .isEqualTo(json("{'anyOf':[{'type':'string'},{'type':'integer'}],'description':'either'}"));
    }

    @Test
    void a_raw_schema_is_sent_as_it_is_if_it_is_one() {
        assertThat(written(JsonRawSchema.from("{\"type\":\"string\",\"format\":\"date\"}"), true))
                .isEqualTo(json("{'type':'string','format':'date'}"));
        assertThatThrownBy(() -> written(JsonRawSchema.from("[1]"), false)).hasMessageContaining("JSON object");
        assertThatThrownBy(() -> written(JsonRawSchema.from("{"), false)).hasMessageContaining("not JSON");
    }

    private static Object written(JsonSchemaElement element, boolean strict) {
        return new SchemaWriter(strict).write(element, true);
    }

    private static Object json(String singleQuoted) {
        return Json.parse(singleQuoted.replace('\'', '"')).orElseThrow();
    }
}
