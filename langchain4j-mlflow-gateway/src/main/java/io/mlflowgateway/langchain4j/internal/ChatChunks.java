package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Understands the chunks of one chat stream: OpenAI's {@code chat.completion.chunk}, as MLflow 2.10 and newer send it,
 * too. Not for several threads at once.
 */
final class ChatChunks implements StreamChunks<ChatEvent> {

    private final boolean returnThinking;
    private final ResponseHead head;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final ToolCalls toolCalls = new ToolCalls();
    private final Extras extras = new Extras();
    private @Nullable FinishReason finish;
    private JsonNode usage = MissingNode.getInstance();
    private @Nullable String id;
    private @Nullable String model;

    ChatChunks(ChatOptions options, ResponseHead head) {
        this.returnThinking = options.returnThinking();
        this.head = head;
    }

    @Override
    public List<ChatEvent> take(JsonNode chunk) {
        id = Json.words(chunk, "id").orElse(id);
        model = Json.words(chunk, "model").orElse(model);
        if (chunk.path("usage").isObject()) {
            usage = chunk.path("usage");
        }
        extras.take(chunk);
        List<ChatEvent> events = new ArrayList<>();
        for (JsonNode choice : chunk.path("choices")) {
            // Of several answers the first is handed out; the others' pieces may stand between its own.
            if (choice.path("index").asInt(0) == 0) {
                take(choice, events);
            }
        }
        if (events.isEmpty()) {
            events.add(new ChatEvent.Raw(chunk.toString()));
        }
        return events;
    }

    @Override
    public boolean finished() {
        return finish != null;
    }

    @Override
    public List<ChatEvent> complete() {
        List<ChatEvent> events = new ArrayList<>(toolCalls.finish());
        if (!refusal.isEmpty() && text.isEmpty()) {
            throw new WithheldAnswer(WithheldAnswer.By.MODEL, refusal.toString());
        }
        if (finish == FinishReason.TOOL_EXECUTION && toolCalls.all().isEmpty()) {
            // MLflow 2.10 to 2.22 forward the finish reason of such a stream, but not the call itself.
            throw new WithheldAnswer(
                    WithheldAnswer.By.SERVER,
                    "The model calls a tool, but this server leaves tool calls out of its"
                            + " streams: ask without streaming, or use MLflow 3");
        }
        AiMessage message = AiMessage.builder()
                .text(text.isEmpty() ? null : text.toString())
                .thinking(thinking.isEmpty() ? null : thinking.toString())
                .toolExecutionRequests(toolCalls.all())
                .build();
        events.add(new ChatEvent.Complete(
                new ChatAnswer(message, finish, UsageCounts.openAi(usage), id, model, head, extras.all())));
        return events;
    }

    private void take(JsonNode choice, List<ChatEvent> events) {
        extras.takeLikelihoods(choice);
        JsonNode delta = choice.path("delta");
        if (returnThinking) {
            ChatReader.thinking(delta).ifPresent(part -> {
                thinking.append(part);
                events.add(new ChatEvent.Thinking(part));
            });
        }
        ChatReader.text(delta.path("content")).filter(part -> !part.isEmpty()).ifPresent(part -> {
            text.append(part);
            events.add(new ChatEvent.Text(part));
        });
        Json.words(delta, "refusal").ifPresent(refusal::append);
        delta.path("tool_calls").forEach(call -> events.addAll(toolCalls.take(call)));
        FinishReason reason = FinishReasons.of(choice.path("finish_reason"));
        if (reason != null) {
            finish = reason;
            events.addAll(toolCalls.finish());
        }
    }
}
