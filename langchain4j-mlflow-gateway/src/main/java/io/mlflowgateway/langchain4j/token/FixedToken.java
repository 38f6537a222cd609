package io.mlflowgateway.langchain4j.token;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A token that never changes. */
final class FixedToken implements TokenProvider {

    private final String token;
    private final String origin;

    FixedToken(String token, String origin) {
        if (token.isBlank()) {
            throw new IllegalArgumentException(origin + " is blank");
        }
        this.token = token;
        this.origin = origin;
    }

    static TokenProvider fromEnvironment(String variable, Map<String, String> environment) {
        String origin = "the environment variable " + variable;
        if (!environment.containsKey(variable)) {
            throw new IllegalArgumentException(origin + " is not set");
        }
        return new FixedToken(environment.get(variable), origin);
    }

    @Override
    public CompletionStage<String> token() {
        return CompletableFuture.completedFuture(token);
    }

    /** Where the token comes from, never the token. */
    @Override
    public String toString() {
        return "TokenProvider{" + origin + "}";
    }
}
