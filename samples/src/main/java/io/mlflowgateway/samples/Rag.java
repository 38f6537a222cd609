package io.mlflowgateway.samples;

import dev.langchain4j.chain.ConversationalRetrievalChain;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Questions are answered from our own texts, found by their embeddings: by a chain, and by an AI service. */
public final class Rag {
    private static final List<String> PASSAGES = List.of(
            "The Lindenhof library opens at nine in the morning and lends books for three weeks.",
            "Every Alba bicycle comes with a warranty of five years on the frame.",
            "The ferry to Kestrel Island leaves from pier seven every two hours.",
            "Café Mirabel bakes its sourdough bread with rye flour from a local mill.");

    /** Each is answered by the passage at the same place. */
    private static final List<String> QUESTIONS = List.of(
            "For how long may I borrow a book?",
            "How long is the warranty on an Alba bicycle?",
            "From which pier does the boat to the island go?",
            "Which flour is in the bread?");

    private Rag() {}

    /** @param rightPassage whether the passage that holds the answer was the one retrieved */
    public record Answered(String question, String passage, boolean rightPassage, String byChain, String byService) {}

    public static void main(String[] arguments) {
        run(SampleArguments.gateway(arguments), System.out);
    }

    public static List<Answered> run(String gateway, PrintStream out) {
        ChatModel chat =
                MlflowGatewayChatModel.builder().baseUrl(gateway).route("chat").build();
        ContentRetriever retriever = retriever(gateway, PASSAGES);
        ConversationalRetrievalChain chain = chain(chat, retriever);
        Librarian librarian = librarian(chat, retriever);
        List<Answered> all = new ArrayList<>();
        for (int i = 0; i < QUESTIONS.size(); i++) {
            String question = QUESTIONS.get(i);
            Result<String> result = librarian.answer(question);
            String passage = result.sources().get(0).textSegment().text();
            boolean right = passage.equals(PASSAGES.get(i));
            all.add(new Answered(question, passage, right, chain.execute(question), result.content()));
            print(all.get(i), out);
        }
        long right = all.stream().filter(Answered::rightPassage).count();
        out.println("the right passage came first for " + right + " of " + all.size() + " questions");
        return all;
    }

    // tag::rag-retriever[]
    static ContentRetriever retriever(String gateway, List<String> passages) {
        EmbeddingModel embeddings = MlflowGatewayEmbeddingModel.builder()
                .baseUrl(gateway)
                .route("embeddings")
                .build();
        List<TextSegment> segments = passages.stream().map(TextSegment::from).toList();
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        store.addAll(embeddings.embedAll(segments).content(), segments);
        return EmbeddingStoreContentRetriever.builder()
                .embeddingStore(store)
                .embeddingModel(embeddings)
                .maxResults(1)
                .build();
    }
    // end::rag-retriever[]

    // tag::rag-chain[]
    static ConversationalRetrievalChain chain(ChatModel chat, ContentRetriever retriever) {
        return ConversationalRetrievalChain.builder()
                .chatModel(chat)
                .contentRetriever(retriever)
                .build();
    }
    // end::rag-chain[]

    // tag::rag-service[]
    interface Librarian {
        Result<String> answer(String question);
    }

    static Librarian librarian(ChatModel chat, ContentRetriever retriever) {
        return AiServices.builder(Librarian.class)
                .chatModel(chat)
                .contentRetriever(retriever)
                .build();
    }
    // end::rag-service[]

    private static void print(Answered answered, PrintStream out) {
        out.println("question: " + answered.question());
        out.println("  found:   " + answered.passage());
        out.println("  chain:   " + answered.byChain().strip().replace("\n", " "));
        out.println("  service: " + answered.byService().strip().replace("\n", " "));
    }
}
