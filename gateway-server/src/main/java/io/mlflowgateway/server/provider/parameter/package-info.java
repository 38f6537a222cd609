/**
 * What becomes of a caller's parameters at each provider: one table for a provider and a task, from which calls, the
 * capabilities page and the docs are made. Knows {@code query}, {@code config} and JSON, no provider.
 */
@NullMarked
package io.mlflowgateway.server.provider.parameter;

import org.jspecify.annotations.NullMarked;
