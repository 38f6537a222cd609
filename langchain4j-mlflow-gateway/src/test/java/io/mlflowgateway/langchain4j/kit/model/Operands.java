package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/** The numbers a tool is to reckon with. */
record Operands(List<String> numbers) {

    private static final Pattern PAIR = Pattern.compile("(\\d+) (?:plus|and) (\\d+)");

    /** {@return one for each pair the question names; else the result so far, where it is spoken of, and the numbers} */
    static List<Operands> in(Prompt prompt) {
        String question = prompt.question();
        if (prompt.called().isEmpty() && PAIR.matcher(question).find()) {
            return PAIR.matcher(question)
                    .results()
                    .map(pair -> new Operands(List.of(pair.group(1), pair.group(2))))
                    .toList();
        }
        Passage passage = new Passage(question);
        if (passage.says("result") && prompt.lastResult().isPresent()) {
            List<String> numbers = passage.numbers();
            return List.of(new Operands(List.of(prompt.lastResult().get(), numbers.get(numbers.size() - 1))));
        }
        return List.of(new Operands(passage.numbers()));
    }

    ObjectNode asMembersOf(JsonNode schema) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        Iterator<String> next = numbers.iterator();
        schema.path("properties").fieldNames().forEachRemaining(name -> {
            if (next.hasNext()) {
                members.set(name, Lexicon.number(next.next()));
            }
        });
        return members;
    }
}
