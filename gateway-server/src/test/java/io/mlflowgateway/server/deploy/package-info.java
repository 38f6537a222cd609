/** The files in {@code deploy/} fit the gateway they are for. */
@NullMarked
package io.mlflowgateway.server.deploy;

import org.jspecify.annotations.NullMarked;
