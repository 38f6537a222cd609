/** The rate limit stage: calls per period, counted once for all surfaces. */
@NullMarked
package io.mlflowgateway.server.limit;

import org.jspecify.annotations.NullMarked;
