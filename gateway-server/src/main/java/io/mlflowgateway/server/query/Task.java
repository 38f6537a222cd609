package io.mlflowgateway.server.query;

import java.util.Optional;

/** What a route does. The wire names are MLflow's route types, the same in every generation. */
public enum Task {
    CHAT("llm/v1/chat"),
    COMPLETIONS("llm/v1/completions"),
    EMBEDDINGS("llm/v1/embeddings");

    private final String wireName;

    Task(String wireName) {
        this.wireName = wireName;
    }

    /** MLflow's name of the task, for example {@code llm/v1/chat}. */
    public String wireName() {
        return wireName;
    }

    /** The task with this MLflow name; empty for any other text. */
    public static Optional<Task> ofWireName(String wireName) {
        for (Task task : values()) {
            if (task.wireName.equals(wireName)) {
                return Optional.of(task);
            }
        }
        return Optional.empty();
    }
}
