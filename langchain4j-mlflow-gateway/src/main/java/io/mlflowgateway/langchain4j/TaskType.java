package io.mlflowgateway.langchain4j;

/** What a route does: MLflow's {@code route_type} or {@code endpoint_type}. */
public enum TaskType {
    /** Completes a prompt. */
    COMPLETIONS("llm/v1/completions"),
    /** Answers a conversation. */
    CHAT("llm/v1/chat"),
    /** Turns text into vectors. */
    EMBEDDINGS("llm/v1/embeddings"),
    /** Something this client does not know. */
    OTHER("");

    private final String wireName;

    TaskType(String wireName) {
        this.wireName = wireName;
    }

    static TaskType of(String wireName) {
        for (TaskType type : values()) {
            if (type.wireName.equals(wireName)) {
                return type;
            }
        }
        return OTHER;
    }
}
