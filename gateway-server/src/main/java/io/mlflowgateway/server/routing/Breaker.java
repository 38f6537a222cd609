package io.mlflowgateway.server.routing;

import java.time.Duration;

/**
 * When a target is left alone for a while: after this many failures within this time that no more successes lie between,
 * so a target of which more than every second call goes well is never taken away.
 *
 * @param failures at least 1
 * @param within the first and the last of them
 * @param cooldown until one call may try again
 */
record Breaker(int failures, Duration within, Duration cooldown) {}
