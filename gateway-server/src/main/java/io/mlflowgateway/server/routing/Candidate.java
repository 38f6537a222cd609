package io.mlflowgateway.server.routing;

import java.math.BigDecimal;

/**
 * A target that may be asked.
 *
 * @param name unique in its route
 * @param weight its share of the calls; 0: only when all others fail
 * @param price in USD for a million tokens read and a million written, added; zero where nobody asks
 */
record Candidate(String name, int weight, CallTarget target, TargetHealth health, BigDecimal price) {}
