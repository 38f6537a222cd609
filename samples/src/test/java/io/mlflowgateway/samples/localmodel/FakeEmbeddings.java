package io.mlflowgateway.samples.localmodel;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;

/** The vector of a text is its length and minus its length; every text counts three tokens. */
final class FakeEmbeddings implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<Embedding> vectors = segments.stream()
                .map(segment -> segment.text().length())
                .map(length -> Embedding.from(new float[] {length, -length}))
                .toList();
        return Response.from(vectors, new TokenUsage(3 * segments.size()));
    }
}
