package io.mlflowgateway.langchain4j.kit.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Rules asked one after the other; the first that has an answer gives it. */
final class TinyModel {

    private final List<Rule> rules = Stream.concat(
                    Stream.of(new CallTools(), new AnswerInJson(), new AnswerInFormat()), Talk.rules().stream())
            .toList();

    Answer answer(Prompt prompt) {
        return rules.stream()
                .map(rule -> rule.answer(prompt))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no rule for " + prompt));
    }
}
