package io.mlflowgateway.samples;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingRequestParameters;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many texts as vectors, and one of them as a query. */
public final class EmbedMany {
    private EmbedMany() {}

    // tag::embed-many[]
    static List<Embedding> embed(String gateway, List<TextSegment> segments) {
        EmbeddingModel model = MlflowGatewayEmbeddingModel.builder()
                .baseUrl(gateway)
                .route("embeddings")
                .maxSegmentsPerBatch(100) // the provider's limit
                .maxConcurrentBatches(4)
                .build();
        return model.embedAll(segments).content();
    }
    // end::embed-many[]

    // tag::embed-query[]
    static Embedding query(EmbeddingModel model, String question) {
        return model.embed(EmbeddingRequest.builder()
                        .input(question)
                        .parameters(MlflowGatewayEmbeddingRequestParameters.builder()
                                .inputType(EmbeddingInputType.QUERY)
                                .dimensions(128)
                                .timeout(Duration.ofSeconds(5))
                                .build())
                        .build())
                .embeddings()
                .get(0);
    }
    // end::embed-query[]

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    /** @return the vectors of 250 texts, and after them one of the query */
    public static List<Embedding> run(String gateway, PrintStream out) {
        List<TextSegment> segments = IntStream.range(0, 250)
                .mapToObj(i -> TextSegment.from("passage number " + i))
                .toList();
        List<Embedding> passages = embed(gateway, segments);
        out.println(passages.size() + " vectors");
        EmbeddingModel model = MlflowGatewayEmbeddingModel.builder()
                .baseUrl(gateway)
                .route("embeddings")
                .build();
        Embedding query = query(model, "passage number 7");
        out.println("one of " + query.dimension() + " numbers");
        return Stream.concat(passages.stream(), Stream.of(query)).toList();
    }
}
