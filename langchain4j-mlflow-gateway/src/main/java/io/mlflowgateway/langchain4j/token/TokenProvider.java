package io.mlflowgateway.langchain4j.token;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Where the token of {@code Authorization: Bearer} comes from. Asked exactly once for each attempt of a call. Safe for
 * use by many threads, and shared by as many models as wanted.
 *
 * <pre>{@code
 * TokenProvider workspace = OAuthTokenProvider.databricks("https://my-workspace.cloud.databricks.com")
 *         .clientId(System.getenv("DATABRICKS_CLIENT_ID"))
 *         .clientSecret(System.getenv("DATABRICKS_CLIENT_SECRET"))
 *         .build();
 * }</pre>
 */
@FunctionalInterface
public interface TokenProvider {
    /**
     * The token to show now. Must come back at once: whoever has to wait for a token does so in the stage.
     *
     * @return the token, without surrounding white space, which is cut off; or why there is none. The attempt fails with
     *     {@code GatewayConnectionException} and may be repeated if that is a {@code RetriableException}, and with {@code
     *     GatewayAuthenticationException} otherwise
     */
    CompletionStage<String> token();

    /**
     * Told that the server refused a token with 401.
     *
     * @param refused the token that was shown
     * @return whether {@link #token()} may now bring another one; the call is then repeated once, at once, whatever {@code
     *     maxRetries} says. Default: false
     */
    default boolean refused(String refused) {
        return false;
    }

    /**
     * A token that never changes.
     *
     * @param token not blank
     * @return a provider of it
     */
    static TokenProvider of(String token) {
        return new FixedToken(token, "a fixed token");
    }

    /**
     * A token from an environment variable, read once.
     *
     * @param variable such as {@code DATABRICKS_TOKEN}; {@link IllegalArgumentException} if it is not set
     * @return a provider of its value
     */
    static TokenProvider fromEnvironment(String variable) {
        return FixedToken.fromEnvironment(variable, System.getenv());
    }

    /**
     * A token that is asked for anew each time, for keys that something else keeps fresh.
     *
     * @param supplier asked once for each attempt, the first time on the thread of the caller; should not take long
     * @return a provider of what it says
     */
    static TokenProvider from(Supplier<String> supplier) {
        return () -> CompletableFuture.completedFuture(supplier.get());
    }
}
