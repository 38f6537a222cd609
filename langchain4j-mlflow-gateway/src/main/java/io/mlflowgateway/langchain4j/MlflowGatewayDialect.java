package io.mlflowgateway.langchain4j;

import io.mlflowgateway.langchain4j.internal.WireShape;

/**
 * Which generation of the gateway API is spoken. Normally left unset: the client then asks the server once, before the
 * first call, whether it lists endpoints, and remembers the answer.
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
    DEPLOYMENTS(WireShape.OPENAI);

    private final WireShape shape;

    MlflowGatewayDialect(WireShape shape) {
        this.shape = shape;
    }

    WireShape shape() {
        return shape;
    }
}
