/** The wire formats of model providers: one file each, pure functions from query to request and from response to reply. */
@NullMarked
package io.mlflowgateway.server.provider;

import org.jspecify.annotations.NullMarked;
