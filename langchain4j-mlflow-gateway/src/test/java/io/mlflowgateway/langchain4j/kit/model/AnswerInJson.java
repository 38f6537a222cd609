package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/** JSON where JSON is asked for: as the schema says, or with the one field the question names. */
record AnswerInJson() implements Rule {

    @Override
    public Optional<Answer> answer(Prompt prompt) {
        if (!prompt.wantsJson()) {
            return Optional.empty();
        }
        String told = String.join(" ", prompt.results());
        Passage passage = new Passage(Passage.of(prompt.question()).text() + (told.isEmpty() ? "" : " " + told));
        JsonNode schema = prompt.schema().orElseGet(() -> fieldNamedIn(passage));
        return Optional.of(
                Answer.says(new SchemaReader(schema).members(schema, passage).toString()));
    }

    private static JsonNode fieldNamedIn(Passage passage) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        String field = passage.find("'(\\w+)' field").orElse("answer");
        JsonNode type = json.objectNode().put("type", "string");
        return json.objectNode().set("properties", json.objectNode().set(field, type));
    }
}
