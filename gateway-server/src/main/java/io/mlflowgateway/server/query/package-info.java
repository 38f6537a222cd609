/** The middle of the house: one call, its content, its result, and the order of the stages it passes. Knows no other package. */
@NullMarked
package io.mlflowgateway.server.query;

import org.jspecify.annotations.NullMarked;
