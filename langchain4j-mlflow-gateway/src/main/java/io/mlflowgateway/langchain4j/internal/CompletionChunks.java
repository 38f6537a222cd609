package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Understands the chunks of one completion stream: {@code text} as OpenAI and MLflow send it, or {@code delta.content}
 * where a chat model completes.
 */
final class CompletionChunks implements StreamChunks<CompletionEvent> {

    private final StringBuilder text = new StringBuilder();
    private @Nullable FinishReason finish;
    private JsonNode usage = MissingNode.getInstance();

    @Override
    public List<CompletionEvent> take(JsonNode chunk) {
        if (chunk.path("usage").isObject()) {
            usage = chunk.path("usage");
        }
        List<CompletionEvent> events = new ArrayList<>();
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) == 0) {
                take(choice, events);
            }
        }
        return events;
    }

    @Override
    public boolean finished() {
        return finish != null;
    }

    @Override
    public List<CompletionEvent> complete() {
        return List.of(CompletionEvent.end(new CompletionAnswer(text.toString(), finish, UsageCounts.openAi(usage))));
    }

    private void take(JsonNode choice, List<CompletionEvent> events) {
        Json.words(choice, "text")
                .or(() -> ChatReader.text(choice.path("delta").path("content")))
                .filter(part -> !part.isEmpty())
                .ifPresent(part -> {
                    text.append(part);
                    events.add(CompletionEvent.part(part));
                });
        FinishReason reason = FinishReasons.of(choice.path("finish_reason"));
        if (reason != null) {
            finish = reason;
        }
    }
}
