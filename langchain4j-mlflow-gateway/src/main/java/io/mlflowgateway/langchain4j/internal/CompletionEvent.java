package io.mlflowgateway.langchain4j.internal;

import java.util.List;
import java.util.Optional;

/**
 * A piece of a streamed completion.
 *
 * @param text some text; empty in the last piece
 * @param answer everything, in the last piece
 */
public record CompletionEvent(String text, Optional<CompletionAnswer> answer) {

    static CompletionEvent part(String text) {
        return new CompletionEvent(text, Optional.empty());
    }

    static CompletionEvent end(CompletionAnswer answer) {
        return new CompletionEvent("", Optional.of(answer));
    }

    static List<CompletionEvent> pieces(CompletionAnswer answer) {
        return answer.text().isEmpty() ? List.of(end(answer)) : List.of(part(answer.text()), end(answer));
    }
}
