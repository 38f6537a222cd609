package io.mlflowgateway.langchain4j;

import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What LangChain4j's {@code embed} checks before it calls a model, for the ways that do not lead through it. */
final class EmbeddingChecks {

    private EmbeddingChecks() {}

    /** The request with the model's defaults; fails with {@link UnsupportedFeatureException} on what is not supported. */
    static EmbeddingRequest complete(EmbeddingModel model, EmbeddingRequest request) {
        EmbeddingRequestParameters parameters = model.defaultRequestParameters().overrideWith(request.parameters());
        Set<EmbeddingParameter<?>> unknown = new LinkedHashSet<>(parameters.presentParameters());
        unknown.removeAll(model.supportedParameters());
        if (!unknown.isEmpty()) {
            throw new UnsupportedFeatureException("The embedding model does not support the parameter(s) "
                    + unknown.stream().map(EmbeddingParameter::name).collect(Collectors.joining(", ")));
        }
        Set<ContentType> contents = request.inputs().stream()
                .map(EmbeddingInput::contentTypes)
                .flatMap(Set::stream)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        contents.removeAll(model.supportedContentTypes());
        if (!contents.isEmpty()) {
            throw new UnsupportedFeatureException("The embedding model does not support content of type " + contents);
        }
        return EmbeddingRequest.builder()
                .inputs(request.inputs())
                .parameters(parameters)
                .build();
    }
}
