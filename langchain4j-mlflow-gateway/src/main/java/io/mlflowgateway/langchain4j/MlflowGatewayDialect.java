package io.mlflowgateway.langchain4j;

import io.mlflowgateway.langchain4j.internal.WireShape;

/**
 * Which API is spoken. Left unset for gateways: the client then asks the server once, before the first call, whether it
 * lists endpoints or routes, and remembers the answer. The last two are never found out and must be set.
 */
public enum MlflowGatewayDialect {
    /**
     * MLflow 2.5 to 2.8: {@code POST /gateway/{route}/invocations}, answers with {@code candidates}. No tools and no
     * streaming: a streaming model makes one whole call and hands its text out in one piece.
     */
    ROUTES(WireShape.CLASSIC),

    /**
     * MLflow 2.9 and newer, and this project's gateway: {@code POST /endpoints/{route}/invocations} with requests,
     * answers and streams in OpenAI's shape.
     */
    DEPLOYMENTS(WireShape.OPENAI),

    /**
     * Databricks Model Serving: {@code POST /serving-endpoints/{name}/invocations} below the address of a workspace, which
     * is the {@code baseUrl}. A route is a serving endpoint.
     */
    SERVING_ENDPOINTS(WireShape.SERVING),

    /**
     * OpenAI's own API, with the route as {@code model}: {@code POST {baseUrl}/chat/completions}, {@code /completions} and
     * {@code /embeddings}. Spoken by Databricks below {@code https://workspace/serving-endpoints}, by this project's
     * gateway below {@code /v1} and by MLflow 3 below {@code /gateway/mlflow/v1}.
     */
    OPENAI(WireShape.OPENAI_API);

    private final WireShape shape;

    MlflowGatewayDialect(WireShape shape) {
        this.shape = shape;
    }

    WireShape shape() {
        return shape;
    }
}
