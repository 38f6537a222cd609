import io.mlflowgateway.langchain4j.MlflowGatewayBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayClient;
import io.mlflowgateway.langchain4j.MlflowGatewayDialect;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import io.mlflowgateway.langchain4j.MlflowGatewayLanguageModel;
import io.mlflowgateway.langchain4j.MlflowGatewayModelCatalog;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingLanguageModel;
import java.time.Duration;
import java.util.Optional;

/**
 * The server under test, and builders that reach it. The dialect is left to be detected, except where a server speaks
 * both and the older one is meant.
 */
final class Server {

    static final String URL = System.getenv("INTEROP_SERVER");
    static final String CHAT = System.getenv("INTEROP_PREFIX") + "chat";
    static final String COMPLETIONS = System.getenv("INTEROP_PREFIX") + "completions";
    static final String EMBEDDINGS = System.getenv("INTEROP_PREFIX") + "embeddings";
    /** Of the routes under test, which the server speaks when asked in the right way. */
    static final MlflowGatewayDialect DIALECT = MlflowGatewayDialect.valueOf(System.getenv("INTEROP_DIALECT"));

    private static final boolean MEANT = "yes".equals(System.getenv("INTEROP_DIALECT_SET"));

    private Server() {}

    static boolean classic() {
        return DIALECT == MlflowGatewayDialect.ROUTES;
    }

    static <B extends MlflowGatewayBuilder<B>> B reach(B builder) {
        Optional.ofNullable(System.getenv("INTEROP_SHOWN_KEY")).ifPresent(builder::apiKey);
        return builder.baseUrl(URL).timeout(Duration.ofSeconds(30)).maxRetries(0).dialect(MEANT ? DIALECT : null);
    }

    static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder chat() {
        return reach(MlflowGatewayChatModel.builder()).route(CHAT);
    }

    static MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder streamingChat() {
        return reach(MlflowGatewayStreamingChatModel.builder()).route(CHAT);
    }

    static MlflowGatewayLanguageModel.MlflowGatewayLanguageModelBuilder language() {
        return reach(MlflowGatewayLanguageModel.builder()).route(COMPLETIONS);
    }

    static MlflowGatewayStreamingLanguageModel.MlflowGatewayStreamingLanguageModelBuilder streamingLanguage() {
        return reach(MlflowGatewayStreamingLanguageModel.builder()).route(COMPLETIONS);
    }

    static MlflowGatewayEmbeddingModel.MlflowGatewayEmbeddingModelBuilder embedding() {
        return reach(MlflowGatewayEmbeddingModel.builder()).route(EMBEDDINGS);
    }

    static MlflowGatewayModelCatalog catalog() {
        return reach(MlflowGatewayModelCatalog.builder()).build();
    }

    static MlflowGatewayClient client() {
        return reach(MlflowGatewayClient.builder()).build();
    }
}
