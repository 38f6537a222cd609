package io.mlflowgateway.langchain4j;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the limits stand that a call was counted by.
 *
 * @param requests how calls are limited; null where the server does not tell
 * @param tokens how tokens are limited; null where the server does not tell
 */
public record MlflowGatewayLimitState(
        @Nullable Window requests, @Nullable Window tokens) {
    /**
     * One limit.
     *
     * @param limit how many may pass in a period; null where not told
     * @param remaining how many of them are left; null where not told
     * @param reset how long until all may pass again; null where not told
     */
    public record Window(
            @Nullable Long limit,
            @Nullable Long remaining,
            @Nullable Duration reset) {}
}
