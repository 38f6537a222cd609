package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Pattern;

/** JSON where the question ends with a description of it in words, as AI services write it. */
record AnswerInFormat() implements Rule {

    private static final Pattern DESCRIPTION =
            Pattern.compile("\\nYou must answer strictly in the following JSON format:");
    private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\": \\(type: (\\w+)\\)");

    @Override
    public Optional<Answer> answer(Prompt prompt) {
        String[] parts = DESCRIPTION.split(prompt.question(), 2);
        return parts.length < 2
                ? Optional.empty()
                : Optional.of(Answer.says(read(schema(parts[1]), Passage.of(parts[0]))));
    }

    private static String read(ObjectNode schema, Passage passage) {
        return new SchemaReader(schema).members(schema, passage).toString();
    }

    private static ObjectNode schema(String description) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = schema.putObject("properties");
        MEMBER.matcher(description)
                .results()
                .forEach(member -> properties.putObject(member.group(1)).put("type", member.group(2)));
        return schema;
    }
}
