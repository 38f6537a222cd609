/** The wire dialects callers speak, failures included. Turns HTTP into calls and replies into HTTP. */
@NullMarked
package io.mlflowgateway.server.api;

import org.jspecify.annotations.NullMarked;
