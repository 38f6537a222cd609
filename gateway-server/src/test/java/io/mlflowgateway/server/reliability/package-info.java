/** What the gateway survives: each {@link io.mlflowgateway.server.reliability.Row} is shown by a test named after it. */
@NullMarked
package io.mlflowgateway.server.reliability;

import org.jspecify.annotations.NullMarked;
