/** The edge: heads, paths, body caps, bytes and SSE out. Knows Netty; knows nothing of JSON or of models. */
@NullMarked
package io.mlflowgateway.server.http;

import org.jspecify.annotations.NullMarked;
