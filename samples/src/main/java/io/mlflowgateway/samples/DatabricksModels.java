package io.mlflowgateway.samples;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.mlflowgateway.langchain4j.MlflowGatewayChatModel;
import io.mlflowgateway.langchain4j.MlflowGatewayClient;
import io.mlflowgateway.langchain4j.MlflowGatewayDialect;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel;
import io.mlflowgateway.langchain4j.token.OAuthTokenProvider;
import io.mlflowgateway.langchain4j.token.TokenProvider;
import java.io.PrintStream;

/** Serving endpoints of a Databricks workspace, called as a service principal. */
public final class DatabricksModels {
    private DatabricksModels() {}

    // tag::databricks[]
    static MlflowGatewayClient workspace(String address, String clientId, String clientSecret) {
        TokenProvider tokens = OAuthTokenProvider.databricks(address) // https://my-workspace.cloud.databricks.com
                .clientId(clientId)
                .clientSecret(clientSecret)
                .build();
        return MlflowGatewayClient.builder()
                .baseUrl(address)
                .dialect(MlflowGatewayDialect.SERVING_ENDPOINTS)
                .tokenProvider(tokens)
                .build();
    }

    static ChatModel chat(MlflowGatewayClient workspace) {
        return MlflowGatewayChatModel.builder()
                .client(workspace)
                .route("databricks-meta-llama-3-3-70b-instruct") // a serving endpoint
                .build();
    }

    static EmbeddingModel embeddings(MlflowGatewayClient workspace) {
        return MlflowGatewayEmbeddingModel.builder()
                .client(workspace)
                .route("databricks-gte-large-en")
                .build();
    }
    // end::databricks[]

    // tag::databricks-pat[]
    static ChatModel withAccessToken(String address) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(address)
                .dialect(MlflowGatewayDialect.SERVING_ENDPOINTS)
                .tokenProvider(TokenProvider.fromEnvironment("DATABRICKS_TOKEN"))
                .route("databricks-meta-llama-3-3-70b-instruct")
                .build();
    }
    // end::databricks-pat[]

    // tag::entra[]
    static TokenProvider azure(String tenant, String clientId, String clientSecret) {
        return OAuthTokenProvider.entraId(tenant)
                .clientId(clientId)
                .clientSecret(clientSecret)
                .scope("2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default") // Azure Databricks
                .build();
    }
    // end::entra[]

    /** @param arguments the workspace's address, the client's id and its secret */
    public static void main(String[] arguments) {
        run(arguments[0], arguments[1], arguments[2], System.out);
    }

    /** @return what the endpoint answered */
    public static String run(String address, String clientId, String clientSecret, PrintStream out) {
        try (MlflowGatewayClient workspace = workspace(address, clientId, clientSecret)) {
            String answer = chat(workspace).chat("Who wrote Faust?");
            out.println(answer);
            out.println("vectors of " + embeddings(workspace).dimension() + " numbers");
            return answer;
        }
    }
}
