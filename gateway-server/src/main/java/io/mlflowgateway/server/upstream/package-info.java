/** The only HTTP client: pools, timeouts, event streams in. Knows Netty. */
@NullMarked
package io.mlflowgateway.server.upstream;

import org.jspecify.annotations.NullMarked;
