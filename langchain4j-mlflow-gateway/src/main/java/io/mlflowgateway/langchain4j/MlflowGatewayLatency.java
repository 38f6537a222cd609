package io.mlflowgateway.langchain4j;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the gateway had a call, as it says itself: the way to and from it is not counted. For a stream up to its first
 * piece.
 *
 * @param total of both
 * @param gateway the gateway's own part of it; null where it does not tell
 * @param upstream the part in which the provider was waited for; null where the gateway does not tell
 */
public record MlflowGatewayLatency(
        Duration total,
        @Nullable Duration gateway,
        @Nullable Duration upstream) {}
