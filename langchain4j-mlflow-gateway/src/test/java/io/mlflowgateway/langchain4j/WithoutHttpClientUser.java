package io.mlflowgateway.langchain4j;

/** What an application without LangChain4j's HTTP client does; run in a class loader that has none. */
public final class WithoutHttpClientUser {

    private WithoutHttpClientUser() {}

    /** Builds each kind of model. */
    public static Object build() {
        MlflowGatewayStreamingChatModel.builder().baseUrl("http://127.0.0.1:1").build();
        MlflowGatewayEmbeddingModel.builder().baseUrl("http://127.0.0.1:1").build();
        return MlflowGatewayChatModel.builder()
                .baseUrl("http://127.0.0.1:1")
                .timeout(null)
                .route("chat")
                .build();
    }
}
