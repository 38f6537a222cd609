package io.mlflowgateway.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Tells a model's listeners of one request, as LangChain4j's {@code embed} does. */
final class EmbeddingListening {

    private final EmbeddingModel model;
    private final EmbeddingRequest request;
    private final List<TextSegment> segments;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

    EmbeddingListening(EmbeddingModel model, EmbeddingRequest request) {
        this.model = model;
        this.request = request;
        this.segments = request.inputs().stream()
                .map(EmbeddingInput::text)
                .map(TextSegment::from)
                .toList();
    }

    /** The same answer; its beginning and its end are told. A cancelled one has no end to be told of. */
    Mono<EmbeddingResponse> over(Mono<EmbeddingResponse> answer) {
        if (model.listeners().isEmpty()) {
            return answer;
        }
        return answer.doFirst(this::began).doOnNext(this::answered).doOnError(this::failed);
    }

    private void began() {
        EmbeddingModelRequestContext context = EmbeddingModelRequestContext.builder()
                .textSegments(segments)
                .embeddingRequest(request)
                .embeddingModel(model)
                .attributes(attributes)
                .build();
        tell(listener -> listener.onRequest(context));
    }

    private void answered(EmbeddingResponse response) {
        EmbeddingModelResponseContext context = EmbeddingModelResponseContext.builder()
                .embeddingRequest(request)
                .embeddingResponse(response)
                .embeddingModel(model)
                .attributes(attributes)
                .response(
                        Response.from(response.embeddings(), response.metadata().tokenUsage()))
                .textSegments(segments)
                .build();
        tell(listener -> listener.onResponse(context));
    }

    private void failed(Throwable failure) {
        EmbeddingModelErrorContext context = EmbeddingModelErrorContext.builder()
                .error(failure)
                .textSegments(segments)
                .embeddingRequest(request)
                .embeddingModel(model)
                .attributes(attributes)
                .build();
        tell(listener -> listener.onError(context));
    }

    private void tell(Consumer<EmbeddingModelListener> word) {
        model.listeners().forEach(listener -> Told.to(listener, word));
    }
}
