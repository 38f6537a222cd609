package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.langchain4j.kit.model.Answer.Call;
import io.mlflowgateway.langchain4j.kit.model.Prompt.Tool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Calls the tools the question speaks of that were not called yet: all at once, or one after the other if told so. */
record CallTools() implements Rule {

    private static final Pattern WORDS = Pattern.compile("(?<=[a-z])(?=[A-Z])|_");
    private static final Pattern CLAUSES = Pattern.compile("\\?| and (?=\\w+ in )");
    private static final Set<String> SAY_NOTHING = Set.of("get", "current", "two", "numbers", "names", "from", "id");

    @Override
    public Optional<Answer> answer(Prompt prompt) {
        List<Tool> wanted = prompt.tools().stream()
                .filter(tool -> !prompt.called().contains(tool.name()))
                .filter(tool -> mentionedAt(tool, prompt.question()) >= 0)
                .toList();
        if (wanted.isEmpty() && prompt.toolRequired() && prompt.called().isEmpty()) {
            wanted = prompt.tools().subList(0, 1);
        }
        if (prompt.question().contains("First ")) {
            wanted = wanted.stream().min(Comparator.comparing(tool -> mentionedAt(tool, prompt.question()))).stream()
                    .toList();
        }
        List<Call> calls =
                wanted.stream().flatMap(tool -> calls(tool, prompt).stream()).toList();
        return calls.isEmpty() ? Optional.empty() : Optional.of(Answer.calls(calls));
    }

    private static List<Call> calls(Tool tool, Prompt prompt) {
        if (isArithmetic(tool)) {
            return Operands.in(prompt).stream()
                    .map(operands -> new Call(tool.name(), operands.asMembersOf(tool.parameters())))
                    .toList();
        }
        ObjectNode arguments = new SchemaReader(tool.parameters())
                .members(tool.parameters(), Passage.of(clauseAbout(tool, prompt.question())));
        return List.of(new Call(tool.name(), arguments));
    }

    private static boolean isArithmetic(Tool tool) {
        List<JsonNode> members = new ArrayList<>();
        tool.parameters().path("properties").forEach(members::add);
        return !members.isEmpty()
                && members.stream()
                        .allMatch(member -> member.path("type").asText().equals("integer"));
    }

    private static String clauseAbout(Tool tool, String question) {
        return Stream.of(CLAUSES.split(question))
                .filter(clause -> mentionedAt(tool, clause) >= 0)
                .findFirst()
                .orElse(question);
    }

    private static int mentionedAt(Tool tool, String question) {
        String asked = question.toLowerCase(Locale.ROOT).replace("plus", "add");
        return Stream.of(WORDS.split(tool.name()))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(word -> !SAY_NOTHING.contains(word))
                .mapToInt(asked::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }
}
