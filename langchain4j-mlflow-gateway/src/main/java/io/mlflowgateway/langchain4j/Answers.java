package io.mlflowgateway.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import io.mlflowgateway.langchain4j.MlflowGatewayLimitState.Window;
import io.mlflowgateway.langchain4j.internal.ChatAnswer;
import io.mlflowgateway.langchain4j.internal.CompletionAnswer;
import io.mlflowgateway.langchain4j.internal.EmbeddingsAnswer;
import io.mlflowgateway.langchain4j.internal.HeadFacts;
import io.mlflowgateway.langchain4j.internal.UsageCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came over the wire, in LangChain4j's types. */
final class Answers {

    private static final Window NOTHING_TOLD = new Window(null, null, null);

    private Answers() {}

    static ChatResponse chat(ChatAnswer answer, String route) {
        HeadFacts head = new HeadFacts(answer.head());
        return ChatResponse.builder()
                .aiMessage(answer.message())
                .metadata(MlflowGatewayChatResponseMetadata.builder()
                        .id(answer.id())
                        .modelName(route)
                        .tokenUsage(usage(answer.usage().paid(head)))
                        .finishReason(answer.finish())
                        .provider(head.provider().orElse(null))
                        .servedModel(servedModel(answer.model(), head))
                        .requestId(head.requestId().orElse(null))
                        .traceId(head.traceId().orElse(null))
                        .attempts(head.attempts().orElse(null))
                        .cached(head.cached().orElse(null))
                        .latency(latency(head).orElse(null))
                        .limitState(limitState(head).orElse(null))
                        .rawUsage(answer.usage().raw())
                        .extras(answer.extras())
                        .build())
                .build();
    }

    private static @Nullable String servedModel(@Nullable String told, HeadFacts head) {
        return told != null ? told : head.servedModel().orElse(null);
    }

    private static Optional<MlflowGatewayLatency> latency(HeadFacts head) {
        return head.duration().map(total -> latency(total, head.overhead()));
    }

    private static MlflowGatewayLatency latency(Duration total, Optional<Duration> overhead) {
        // A server that counts badly is believed no more than it makes sense.
        Optional<Duration> own = overhead.filter(part -> part.compareTo(total) <= 0);
        return new MlflowGatewayLatency(
                total, own.orElse(null), own.map(total::minus).orElse(null));
    }

    private static Optional<MlflowGatewayLimitState> limitState(HeadFacts head) {
        Window requests = window(head, "Requests").orElse(null);
        Window tokens = window(head, "Tokens").orElse(null);
        return requests == null && tokens == null
                ? Optional.empty()
                : Optional.of(new MlflowGatewayLimitState(requests, tokens));
    }

    private static Optional<Window> window(HeadFacts head, String unit) {
        Window window = new Window(
                head.limit(unit).orElse(null),
                head.remaining(unit).orElse(null),
                head.reset(unit).orElse(null));
        return window.equals(NOTHING_TOLD) ? Optional.empty() : Optional.of(window);
    }

    /** All batches together. */
    static EmbeddingResponse embeddings(List<EmbeddingsAnswer> answers, String route) {
        TokenUsage usage = null;
        List<Embedding> vectors = new ArrayList<>();
        for (EmbeddingsAnswer answer : answers) {
            answer.vectors().forEach(vector -> vectors.add(Embedding.from(vector)));
            usage = TokenUsage.sum(usage, usage(answer.usage().paid(new HeadFacts(answer.head()))));
        }
        return EmbeddingResponse.builder()
                .embeddings(vectors)
                .metadata(metadata(answers, route).tokenUsage(usage).build())
                .build();
    }

    private static MlflowGatewayEmbeddingResponseMetadata.Builder metadata(
            List<EmbeddingsAnswer> answers, String route) {
        MlflowGatewayEmbeddingResponseMetadata.Builder metadata =
                MlflowGatewayEmbeddingResponseMetadata.builder().modelName(route);
        if (answers.isEmpty()) {
            return metadata;
        }
        EmbeddingsAnswer first = answers.get(0);
        HeadFacts head = new HeadFacts(first.head());
        return metadata.provider(head.provider().orElse(null))
                .servedModel(servedModel(first.model(), head))
                .requestIds(answers.stream()
                        .map(answer -> new HeadFacts(answer.head()).requestId())
                        .flatMap(Optional::stream)
                        .toList());
    }

    static Response<String> completion(CompletionAnswer answer) {
        return Response.from(answer.text(), usage(answer.usage()), answer.finish());
    }

    static @Nullable MlflowGatewayTokenUsage usage(UsageCounts counts) {
        if (!counts.told()) {
            return null;
        }
        return MlflowGatewayTokenUsage.builder()
                .inputTokenCount(counts.input())
                .outputTokenCount(counts.output())
                .totalTokenCount(counts.total())
                .cachedTokens(counts.cached())
                .reasoningTokens(counts.reasoning())
                .cost(
                        counts.cost() == null || counts.currency() == null
                                ? null
                                : new MlflowGatewayCost(counts.cost(), counts.currency()))
                .build();
    }
}
